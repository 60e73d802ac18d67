// SPDX-License-Identifier: Apache-2.0
#include "reply_part.hpp"

#include <utility>

namespace chatvim::document {

ReplyPart::ReplyPart(const SpecialLines& special, SpecialLines::Kinds first,
                     SpecialLines::Kinds others)
    : special_(&special), escaper_(special, first, others) {}

void ReplyPart::resume(std::string_view kept, std::size_t again) {
  const std::string_view written = kept.substr(0, kept.size() - again);
  held_ = kept.substr(written.size());
  resumed_ = true;
  fences_.feed(written);
  if (!written.empty()) {
    escaper_.resume(written);
  }
}

std::string ReplyPart::feed(std::string_view delta) {
  std::string out;
  take(cleaner_.feed(delta), out);
  return out;
}

std::string ReplyPart::finish() {
  std::string out;
  take(cleaner_.finish(), out);
  if (!has_text_) {
    return out;
  }
  escaper_.finish(out);
  const std::string fence = unlike_delimiters(fences_.finish());
  if (!fence.empty()) {
    out += '\n';
    out += fence;
  }
  return out;
}

std::string ReplyPart::finish_before_block() {
  std::string out;
  if (resumed_ && !has_text_) {
    has_text_ = true;
    const std::string all = std::exchange(held_, {});
    take(all, out);
  }
  return out += finish();
}

std::string ReplyPart::closer() const { return unlike_delimiters(fences_.closer()); }

void ReplyPart::take(std::string_view text, std::string& out) {
  if (!has_text_) {
    held_ += text;
    if (text.find_first_not_of(" \t\n") == std::string_view::npos) {
      return;
    }
    has_text_ = true;
    const std::string all = std::exchange(held_, {});
    return take(all, out);
  }
  fences_.feed(text);
  escaper_.feed(text, out);
}

/// A custom delimiter may look like a fence; a longer fence closes the block just as well.
std::string ReplyPart::unlike_delimiters(std::string fence) const {
  while (!fence.empty() && special_->delimiter(fence)) {
    fence += fence.back();
  }
  return fence;
}

}  // namespace chatvim::document
