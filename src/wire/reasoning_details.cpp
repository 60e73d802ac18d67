// SPDX-License-Identifier: Apache-2.0
#include "reasoning_details.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/json/cursor.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::wire {
namespace {

using Kind = json::JsonCursor::Kind;

/// The members that arrive in pieces.
constexpr std::array<std::string_view, 2> kPieceTexts = {"text", "summary"};

std::size_t text_index(std::string_view key) {
  return static_cast<std::size_t>(std::find(kPieceTexts.begin(), kPieceTexts.end(), key) -
                                  kPieceTexts.begin());
}

}  // namespace

ReasoningDetails::Detail ReasoningDetails::read(std::string_view text) {
  Detail detail;
  json::JsonCursor json(text);
  json.members([&](std::string_view key) {
    const std::size_t index = text_index(key);
    const std::string name(key);
    if (index < kPieceTexts.size() && json.kind() == Kind::kString) {
      json.string(detail.texts[index]);
      detail.members[name] = nullptr;
    } else if (Json value = json.tree(); !value.is_null() && value != "") {
      detail.members[name] = std::move(value);
    }
  });
  if (json.failed()) detail.members = Json::object();
  return detail;
}

void ReasoningDetails::add(std::string_view json) {
  elements_ += json;
  ends_.push_back(elements_.size());
}

/// Appends a detail to the list, or to the last one if it is a piece of that.
void ReasoningDetails::add(std::vector<Detail>& details, Detail next) {
  const auto same = [&](const char* key) {
    const Json& last = details.back().members;
    return last.value(key, Json()) == next.members.value(key, Json());
  };
  // Encrypted details, and those without an index, are whole.
  const bool is_piece = next.members.contains("index") && !next.members.contains("data");
  const auto has_other_id = [&] {
    return next.members.contains("id") && details.back().members.contains("id") && !same("id");
  };
  if (details.empty() || !is_piece || !same("index") || !same("type") || has_other_id()) {
    details.push_back(std::move(next));
    return;
  }
  Detail& last = details.back();
  for (std::size_t i = 0; i < kPieceTexts.size(); ++i) last.texts[i] += next.texts[i];
  for (auto& [key, value] : next.members.items()) {
    if (!last.members.contains(key)) last.members[key] = std::move(value);
  }
}

Json ReasoningDetails::merged() const {
  std::vector<Detail> details;
  std::size_t start = 0;
  for (const std::size_t end : ends_) {
    Detail next = read(std::string_view(elements_).substr(start, end - start));
    if (!next.members.empty()) add(details, std::move(next));
    start = end;
  }
  Json out = Json::array();
  for (const Detail& detail : details) {
    Json& members = out.emplace_back(detail.members);
    for (std::size_t i = 0; i < kPieceTexts.size(); ++i) {
      const std::string key(kPieceTexts[i]);
      if (members.contains(key) && members[key].is_null()) {
        members[key] = joined_text(detail.texts[i]);
      }
    }
  }
  return out;
}

std::string joined_text(std::string_view pieces) {
  text::Utf8Stream stream;
  std::string out = stream.feed(pieces);
  return out.append(stream.finish());
}

}  // namespace chatvim::wire
