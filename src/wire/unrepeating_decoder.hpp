// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/wire/decoder.hpp"

namespace chatvim::wire {

/// Removes a text from the start of another decoder's answer, because some servers repeat the text
/// that an answer continues. An answer that begins differently is unchanged. The answer is held
/// back while it may be the repetition; what is held back when the response fails is part of the
/// repetition and is dropped.
class UnrepeatingDecoder final : public Decoder {
 public:
  UnrepeatingDecoder(std::unique_ptr<Decoder> decoder, std::string repeated);

  void head(int status, const Headers& headers) override { decoder_->head(status, headers); }
  void feed(std::string_view bytes, std::vector<Event>& events) override;
  void finish(std::vector<Event>& events) override;
  bool done() const override { return decoder_->done(); }
  bool finished() const override { return decoder_->finished(); }

 private:
  void take(std::vector<Event>& events);
  void compare(std::string_view text, std::vector<Event>& events);
  void release(std::string_view more, std::vector<Event>& events);

  std::unique_ptr<Decoder> decoder_;
  std::string repeated_;
  std::size_t same_ = 0;    // bytes of the text that have arrived
  bool comparing_ = true;   // the answer so far is a prefix of the text
  std::vector<Event> own_;  // the inner decoder's events of the current call
};

}  // namespace chatvim::wire
