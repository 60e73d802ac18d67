// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "http.h"
#include "script.h"

namespace chatvim::standin {

// The reply of a server without a script: a chat completion that says what it is and repeats the
// question, streamed if that is asked for; a list of one model; or a 404.
std::shared_ptr<const Reply> demo_reply(const HttpRequest& request);

// A reply whose body is one JSON error object of OpenAI's form.
std::shared_ptr<const Reply> error_reply(int status, const std::string& message);

}  // namespace chatvim::standin
