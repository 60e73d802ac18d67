// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace chatvim::standin {

// The `model` of a request's JSON body; empty if there is none.
std::string model_of(std::string_view body);
// Whether the body asks for a stream, and for the usage at its end.
bool asks_for_stream(std::string_view body);
bool asks_for_usage(std::string_view body);
// The text of the last message with the role `user`; empty if there is none.
std::string last_question(std::string_view body);
// The text of the last message where that is the assistant's: what an answer is to go on with.
std::string begun_answer(std::string_view body);

}  // namespace chatvim::standin
