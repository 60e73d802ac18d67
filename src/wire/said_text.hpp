// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace chatvim::wire {

/// A text that has come in pieces, remembered by its length and hash: enough to find what a longer
/// text, which repeats it, adds.
class SaidText {
 public:
  void add(std::string_view text) {
    bytes_ += text.size();
    for (const char byte : text) hash_ = (hash_ ^ static_cast<unsigned char>(byte)) * kPrime;
  }

  /// What follows in a text that begins with this one; nothing if it begins otherwise.
  std::optional<std::string_view> rest_of(std::string_view text) const {
    if (text.size() < bytes_) return std::nullopt;
    SaidText beginning;
    beginning.add(text.substr(0, bytes_));
    if (beginning != *this) return std::nullopt;
    return text.substr(bytes_);
  }

  std::size_t size() const { return bytes_; }
  bool operator==(const SaidText&) const = default;

 private:
  static constexpr std::uint64_t kPrime = 0x100000001B3U;  // FNV-1a

  std::size_t bytes_ = 0;
  std::uint64_t hash_ = 0xCBF29CE484222325U;
};

}  // namespace chatvim::wire
