// SPDX-License-Identifier: Apache-2.0
#include "chatvim/wire/finish.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "chatvim/text/fold.hpp"

namespace chatvim::wire {
namespace {

// Both lists are in lower case, without separators.
constexpr std::array<std::string_view, 20> kWholeReasons{
    "stop",          "end",      "eos",       "eostoken",     "endturn",          "endofturn",
    "endofsequence", "complete", "completed", "stopsequence", "finishreasonstop", "reasonstop",
    "finished",      "done",     "stopped",   "normal",       "success",          "ok",
    "imend",         "eotid"};
constexpr std::array<std::string_view, 8> kCallReasons{"toolcalls",    "toolcall",      "tooluse",
                                                       "functioncall", "functioncalls", "function",
                                                       "tool",         "calls"};

template <class List>
bool has(const List& list, std::string_view reason) {
  return std::find(list.begin(), list.end(), text::fold_word(reason)) != list.end();
}

}  // namespace

bool ends_whole(std::string_view finish_reason) {
  return text::fold_word(finish_reason).empty() || has(kWholeReasons, finish_reason);
}

bool ends_with_calls(std::string_view finish_reason) { return has(kCallReasons, finish_reason); }

bool may_run(std::string_view finish_reason) {
  return ends_with_calls(finish_reason) || has(kWholeReasons, finish_reason);
}

}  // namespace chatvim::wire
