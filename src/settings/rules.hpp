// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chatvim::settings {

struct Node;

// What a value of the right type must be besides. Each gives the rest of a sentence that starts
// with the key's name, or nothing when the value is good (see Option::check).

std::string check_not_blank(const Node& node);     ///< a string with more than white space
std::string check_word(const Node& node);          ///< one line with more than white space
std::string check_preset(const Node& node);        ///< the name of a file, not a path
std::string check_delimiter(const Node& node);     ///< a delimiter of the chat format
std::string check_white_space(const Node& node);   ///< spaces, tabs and line breaks
std::string check_reasoning(const Node& node);     ///< hide or keep
std::string check_at_least_one(const Node& node);  ///< an integer from 1
std::string check_not_negative(const Node& node);
std::string check_above_zero(const Node& node);  ///< a number from 0
std::string check_api(const Node& node);         ///< one of the three wire formats
std::string check_prefill(const Node& node);     ///< a way to go on with an answer
std::string check_url(const Node& node);         ///< an http or https address
std::string check_proxy(const Node& node);       ///< a proxy's address, or empty for none
std::string check_names(const Node& node);       ///< a string or strings, at least one, none blank
std::string check_command(const Node& node);     ///< a program and its arguments
std::string check_price(const Node& node);       ///< input, output and cached_input, from 0
std::string check_headers(
    const Node& node);  ///< header names and values (RFC 9110, sections 5.1 and 5.5)

}  // namespace chatvim::settings
