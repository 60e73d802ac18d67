// SPDX-License-Identifier: Apache-2.0
#include "read_answers.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "chatvim/loop/system.hpp"
#include "chatvim/text/time.hpp"

namespace chatvim::editor {

namespace {

std::string text_in(const Json& map, const char* key) {
  const auto found = map.find(key);
  return found != map.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<double> number_in(const Json& map, const char* key) {
  const auto found = map.find(key);
  if (found == map.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

/// Lua may send a whole number as a float.
std::optional<std::int64_t> count_in(const Json& map, const char* key) {
  constexpr double kMost = 1e15;
  const auto number = number_in(map, key);
  if (!number || !(*number >= 0 && *number <= kMost)) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

document::OtherAnswer read_answer(const Json& map) {
  document::OtherAnswer answer;
  answer.text = text_in(map, "text");
  auto& provenance = answer.provenance;
  provenance.model = text_in(map, "model");
  provenance.input = count_in(map, "input");
  provenance.output = count_in(map, "output");
  provenance.price = number_in(map, "price");
  provenance.seconds = number_in(map, "seconds");
  provenance.outcome = text_in(map, "outcome");
  provenance.time = text::utc_time(loop::unix_time());
  return answer;
}

}  // namespace

Result<std::vector<document::OtherAnswer>> read_answers(const std::vector<Json>& maps) {
  std::vector<document::OtherAnswer> answers;
  for (const Json& map : maps) {
    answers.push_back(read_answer(map));
    if (answers.back().provenance.model.empty() || !map.contains("text")) {
      return tl::unexpected(
          Error{ErrorCode::kBadMessage, "each of the field answers must have a model and a text"});
    }
  }
  return answers;
}

}  // namespace chatvim::editor
