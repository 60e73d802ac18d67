// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::standin {

// Returns the `model` of a request's JSON body, or an empty string.
std::string model_of(std::string_view body);
// Whether the body requests a stream, and the usage at its end.
bool asks_for_stream(std::string_view body);
bool asks_for_usage(std::string_view body);
// Returns the text of the last message with the role `user`, or an empty string.
std::string last_question(std::string_view body);
// Returns the text of the last message if it is the assistant's, which the answer must continue.
std::string begun_answer(std::string_view body);

}  // namespace chatvim::standin
