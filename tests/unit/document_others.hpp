// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "chatvim/document/message.hpp"
#include "document_generators.hpp"
#include "property.hpp"

// Other answers and provenance: how they are compared, and generated.
namespace chatvim::document {

inline bool operator==(const Provenance& left, const Provenance& right) {
  return left.model == right.model && left.input == right.input && left.output == right.output &&
         left.price == right.price && left.seconds == right.seconds && left.time == right.time &&
         left.outcome == right.outcome;
}

inline bool operator==(const OtherAnswer& left, const OtherAnswer& right) {
  return left.provenance == right.provenance && left.text == right.text;
}

inline std::ostream& operator<<(std::ostream& out, const Provenance& one) {
  return out << one.model << " " << one.input.value_or(-1) << " " << one.output.value_or(-1) << " "
             << one.price.value_or(-1) << " " << one.seconds.value_or(-1) << " " << one.time << " "
             << one.outcome;
}

inline std::ostream& operator<<(std::ostream& out, const OtherAnswer& other) {
  return out << other.provenance << " [" << other.text << "]";
}

}  // namespace chatvim::document

namespace chatvim::testing {

using document::OtherAnswer;
using document::Provenance;

inline Provenance provenance_of(std::string model) {
  Provenance provenance;
  provenance.model = std::move(model);
  return provenance;
}

inline OtherAnswer other_of(const std::string& model, const std::string& text) {
  return {provenance_of(model), text};
}

/// Returns a provenance that is written without loss.
inline Provenance any_provenance() {
  const auto maybe = [](auto value) {
    return *rc::gen::arbitrary<bool>() ? std::optional(value) : std::nullopt;
  };
  Provenance one = provenance_of(
      *rc::gen::element<std::string>("a/b", "openai/gpt-9:x", "x", "\xC3\xBC/--", "a/b=c"));
  one.input = maybe(std::int64_t{*rc::gen::inRange(0, 2'000'000)});
  one.output = maybe(std::int64_t{*rc::gen::inRange(0, 9)});
  one.price = maybe(*rc::gen::inRange(0, 9'000'000) / 1e6);
  one.seconds = maybe(*rc::gen::inRange(0, 9000) / 10.0);
  one.time = *rc::gen::element<std::string>("", "2026-11-29T18:20:05Z");
  one.outcome = *rc::gen::element<std::string>("", "stopped", "error");
  return one;
}

inline std::vector<OtherAnswer> any_others(const Format& format) {
  std::vector<OtherAnswer> others;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    others.push_back({any_provenance(), *reply_of(format).as("other")});
  }
  return others;
}

/// Returns what other answers must read back as.
inline std::vector<OtherAnswer> read_back(std::vector<OtherAnswer> others, const Format& format) {
  for (OtherAnswer& other : others) other.text = message_of(other.text, format);
  return others;
}

}  // namespace chatvim::testing
