// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "http.h"
#include "script.h"

namespace chatvim::standin {

// Returns the reply of a server without a script: a chat completion that introduces itself and
// repeats the question, streamed if requested; a list with one model; or a 404.
std::shared_ptr<const Reply> demo_reply(const HttpRequest& request);

// Returns a reply whose body is a JSON error object in OpenAI's form.
std::shared_ptr<const Reply> error_reply(int status, const std::string& message);

}  // namespace chatvim::standin
