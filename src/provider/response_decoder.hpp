// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/provider/decoder.hpp"
#include "chatvim/sse/parser.hpp"
#include "chatvim/text/utf8.hpp"
#include "think_tags.hpp"
#include "tool_calls.hpp"

namespace chatvim::provider {

/// What the decoders of all wire formats share: a stream of events, a whole answer from a server
/// that does not stream, and errors in all their places. A format reads events and whole answers,
/// and says what it found through the protected functions.
class ResponseDecoder : public Decoder {
 public:
  void head(int status, const Headers& headers) override;
  void feed(std::string_view bytes, std::vector<Event>& events) override;
  void finish(std::vector<Event>& events) override;
  bool done() const override { return mode_ == Mode::kDone; }

 protected:
  ResponseDecoder();

  /// One event of the stream; `data` begins with no white space and is not empty.
  virtual void take_event(const sse::Event& event, std::string_view data) = 0;
  /// A whole answer; false when the text is not JSON.
  virtual bool take_whole(std::string_view text) = 0;
  /// The stream is over, and no event has ended the answer.
  virtual void end_stream() = 0;

  void say(std::string_view text);
  void think(std::string_view text);
  void refuse(std::string_view text);
  void call(const ToolPiece& piece);
  /// Ends a piece of reasoning: what comes next is another one, after a blank line.
  void part_thoughts();
  void succeed();
  void fail(Failure failure);
  void fail(ErrorCode code, std::string message);
  /// A failure that comes with the tokens it cost.
  void fail_billed(Failure failure);
  /// An event that is not JSON: an error when it had to be, but for the last one, which may be cut.
  void fail_not_json(std::string_view data);
  /// A whole answer that is JSON and no answer.
  void fail_no_message(std::string_view text);

  std::string finish_reason_;
  std::optional<Usage> usage_;
  bool answered_ = false;  ///< there is text of the answer, or a refusal

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

  void decide(std::string_view& bytes);
  void feed_stream(std::string_view bytes);
  void collect(std::string_view bytes);
  void take(const sse::Event& event);
  void finish_stream();
  void finish_whole();
  void fail_page();
  void fail_redirect();
  void fail_too_long();

  template <class Delta>
  void emit(std::string text);
  void flush();

  Mode mode_ = Mode::kUndecided;
  int status_ = 200;
  Headers headers_;
  std::string body_;  // what is collected for kWhole, kPage and kError
  sse::Parser parser_;
  std::vector<Event>* events_ = nullptr;  // the caller's, during a call

  text::Utf8Stream content_;
  text::Utf8Stream reasoning_;
  text::Utf8Stream refusal_;
  ThinkTags tags_;
  std::string answer_part_;
  std::string thought_part_;
  ToolCalls calls_;
  std::size_t given_ = 0;  // bytes of text, reasoning and calls that have come out
  bool at_end_ = false;    // the input is over: what comes now may be cut
  bool thought_ = false;   // there is reasoning
  bool parted_ = false;    // a blank line is due before more reasoning
};

}  // namespace chatvim::provider
