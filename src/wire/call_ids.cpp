// SPDX-License-Identifier: Apache-2.0
#include "call_ids.hpp"

#include <algorithm>
#include <cctype>

namespace chatvim::wire {
namespace {

/// OpenAI's limits, the lowest that are known.
constexpr std::size_t kMostInChat = 40;
constexpr std::size_t kMostElsewhere = 64;
constexpr std::size_t kNine = 9;

}  // namespace

CallIds::CallIds(std::span<const document::Message> messages, Api api, provider::CallIds rule)
    : api_(api), rule_(rule) {
  for (const document::Message& message : messages) {
    for (const document::AnswerPart& part : message.answer) {
      if (part.kind == document::AnswerPart::Kind::kCall) recorded_.insert(part.call.id);
    }
  }
}

std::string CallIds::next(const std::string& recorded) {
  ++position_;
  std::string id = is_valid(recorded) && !taken_.contains(recorded) ? recorded : make();
  taken_.insert(id);
  return id;
}

bool CallIds::is_valid(std::string_view id) const {
  const bool is_nine = rule_ == provider::CallIds::kNine;
  const bool is_dotted = rule_ == provider::CallIds::kDotted && api_ == Api::kChat;
  const std::string_view more = is_nine ? "" : is_dotted ? "_-.:" : "_-";
  const std::size_t most = api_ == Api::kChat ? kMostInChat : kMostElsewhere;
  const bool fits = is_nine ? id.size() == kNine : id.size() <= most;
  return fits && !id.empty() && std::all_of(id.begin(), id.end(), [&](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                  more.find(c) != std::string::npos;
         });
}

/// Makes an id from the call's position, so that it stays the same while the chat grows.
std::string CallIds::make() {
  for (std::size_t number = position_;; ++number) {
    std::string digits = std::to_string(number);
    digits.insert(0, kNine - std::min(kNine, digits.size() + 1), '0');
    std::string id = "c" + digits;
    if (!recorded_.contains(id) && !taken_.contains(id)) return id;
  }
}

}  // namespace chatvim::wire
