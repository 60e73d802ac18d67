// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/wire/decoder.hpp"

namespace chatvim::wire {

/// Takes a text off the start of an answer that another decoder reads: some servers repeat what an
/// answer goes on with. An answer that begins otherwise is left as it is. While it may be the text,
/// it is held back; what is held when a response fails is a piece of the repetition, and dropped.
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
  std::size_t same_ = 0;    // so much of the text has come
  bool comparing_ = true;   // all of the answer so far is a beginning of the text
  std::vector<Event> own_;  // the decoder's events of a call
};

}  // namespace chatvim::wire
