// SPDX-License-Identifier: Apache-2.0
#include "unrepeating_decoder.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace chatvim::wire {

UnrepeatingDecoder::UnrepeatingDecoder(std::unique_ptr<Decoder> decoder, std::string repeated)
    : decoder_(std::move(decoder)), repeated_(std::move(repeated)) {}

void UnrepeatingDecoder::feed(std::string_view bytes, std::vector<Event>& events) {
  decoder_->feed(bytes, own_);
  take(events);
}

void UnrepeatingDecoder::finish(std::vector<Event>& events) {
  decoder_->finish(own_);
  take(events);
}

void UnrepeatingDecoder::take(std::vector<Event>& events) {
  for (Event& event : own_) {
    const auto* const delta = std::get_if<TextDelta>(&event);
    if (comparing_ && delta != nullptr) {
      compare(delta->text, events);
      continue;
    }
    const bool whole = std::holds_alternative<Finish>(event) || std::holds_alternative<End>(event);
    // Anything but text before the repetition ends would come before what is held back.
    const bool is_other = std::holds_alternative<ToolCall>(event) ||
                          std::holds_alternative<State>(event) ||
                          std::holds_alternative<Citation>(event);
    if (comparing_ && (whole || (is_other && same_ > 0))) release("", events);
    events.push_back(std::move(event));
  }
  own_.clear();
}

void UnrepeatingDecoder::compare(std::string_view text, std::vector<Event>& events) {
  const std::string_view rest = std::string_view(repeated_).substr(same_);
  const std::size_t size = std::min(text.size(), rest.size());
  if (text.substr(0, size) != rest.substr(0, size)) return release(text, events);
  same_ += size;
  if (same_ < repeated_.size()) return;
  same_ = 0;
  release(text.substr(size), events);
}

/// Stops comparing, as the answer and the text differ or the text is complete: emits the text held
/// back and `more`.
void UnrepeatingDecoder::release(std::string_view more, std::vector<Event>& events) {
  comparing_ = false;
  std::string text = repeated_.substr(0, same_);
  text += more;
  if (!text.empty()) events.emplace_back(TextDelta{std::move(text)});
}

}  // namespace chatvim::wire
