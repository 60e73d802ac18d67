// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chat_chunk.hpp"
#include "chatvim/provider/decoder.hpp"
#include "chatvim/sse/parser.hpp"
#include "chatvim/text/utf8.hpp"
#include "think_tags.hpp"
#include "tool_calls.hpp"

namespace chatvim::provider {

/// Decodes responses of OpenAI's Chat Completions and of what is compatible with it: a stream of
/// chunks, a whole answer from a server that does not stream, and errors in all their places. It
/// ends at `[DONE]`, or at the end of the body when a finish reason was there; any other end is a
/// cut stream.
class ChatDecoder final : public Decoder {
 public:
  ChatDecoder();
  void head(int status, const Headers& headers) override;
  void feed(std::string_view bytes, std::vector<Event>& events) override;
  void finish(std::vector<Event>& events) override;
  bool done() const override { return mode_ == Mode::kDone; }

 private:
  enum class Mode {
    kUndecided,  // nothing but white space of a good response so far
    kStream,
    kWhole,     // one JSON text
    kPage,      // a web page where an answer should be
    kError,     // the body of a status of 400 or more
    kRedirect,  // any other status but 2xx
    kDone
  };

  void decide(std::string_view bytes);
  void feed_stream(std::string_view bytes);
  void collect(std::string_view bytes);
  void take_event(const sse::Event& event);
  void take_chunk(const ChatChunk& chunk);
  void take_reasoning(const Speech& speech);
  void take_content(std::string_view content);
  void finish_stream();
  void finish_whole();

  template <class Delta>
  void emit(std::string text);
  void flush();
  void succeed();
  void fail(Failure failure);
  void fail(ErrorCode code, std::string message);

  Mode mode_ = Mode::kUndecided;
  int status_ = 200;
  Headers headers_;
  std::string body_;  // what is collected for kWhole, kPage and kError
  sse::Parser parser_;
  ChunkReader reader_;
  std::vector<Event>* events_ = nullptr;  // the caller's, during a call

  text::Utf8Stream content_;
  text::Utf8Stream reasoning_;
  text::Utf8Stream refusal_;
  ThinkTags tags_;
  std::string answer_part_;
  std::string thought_part_;
  ToolCalls calls_;
  std::string finish_reason_;
  std::optional<Usage> usage_;
  bool at_end_ = false;           // the input is over: what comes now may be cut
  bool spoke_ = false;            // some delta said something
  bool plain_reasoning_ = false;  // reasoning came as a string, so its details repeat it
};

}  // namespace chatvim::provider
