// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/sse/parser.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/wire/decoder.hpp"
#include "think_tags.hpp"
#include "tool_calls.hpp"

namespace chatvim::wire {

/// What the decoders of all wire formats share: a stream of events, a whole answer from a server
/// that does not stream, errors in all their places, events that cannot be read, and a response in
/// another format than was asked for. A format reads events and whole answers, and says what it
/// found through the protected functions.
class ResponseDecoder : public Decoder {
 public:
  void head(int status, const Headers& headers) override;
  void feed(std::string_view bytes, std::vector<Event>& events) override;
  void finish(std::vector<Event>& events) override;
  bool done() const override { return mode_ == Mode::kDone; }
  bool finished() const override;

 protected:
  /// What a format made of a text.
  enum class Taken {
    kKnown,    ///< it is one of the format's, and is done with
    kDamaged,  ///< the same, but a value that nobody reads is not JSON
    kNothing,  ///< JSON that is none of the format's
    kNotJson,
  };

  explicit ResponseDecoder(Api api);

  /// One event of the stream; `data` has no white space around it, and is neither empty nor the
  /// end mark nor an event of the type `error`.
  virtual Taken take_event(std::string_view type, std::string_view data) = 0;
  /// A whole answer; one of the format's is ended by this.
  virtual Taken take_whole(std::string_view text) = 0;
  /// True for the types of event that hold JSON; any other may hold anything.
  virtual bool is_ours(std::string_view type) const = 0;
  /// The end mark `[DONE]`.
  virtual void take_end_mark() {}
  /// Ends an answer with a finish reason.
  virtual void end_answer() { succeed(); }
  /// Why a stream that ends here, without a finish reason, is cut.
  virtual std::string_view cut_words() const = 0;

  void note_finish(std::string_view reason);
  void say(std::string_view text);
  void think(std::string_view text);
  void refuse(std::string_view text);
  void call(const ToolPiece& piece);
  /// Ends a piece of reasoning: what comes next is another one, after a blank line.
  void part_thoughts();
  void succeed();
  /// Ends the answer unless an error follows.
  void succeed_later() { marked_ = true; }
  void fail(Failure failure);
  void fail(ErrorCode code, std::string message);
  /// A failure that comes with the tokens it cost.
  void fail_billed(Failure failure);
  /// Notes a text that should repeat what has come and does not, for a warning at the end. After an
  /// event that could not be read there is one already.
  void note_difference(std::string_view text) {
    if (skipped_ == 0) note_unreadable(text);
  }

  std::string finish_reason_;
  std::string fallback_reason_;  ///< what stands for it if there is none at the end
  std::optional<provider::Usage> usage_;
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
  sse::Parser new_parser();
  void become_stream(std::string_view bytes);
  bool take_early(std::string_view bytes);
  void take(const sse::Event& event);
  void take_loose(std::string_view lines);
  void take_data(std::string_view type, std::string_view data);
  bool take_lines(std::string_view data);
  bool take_row(std::string_view data);
  void take_unknown(std::string_view data);
  void take_unreadable(std::string_view data);
  void note_unreadable(std::string_view data);
  bool switch_format(std::string_view text);
  void finish_stream();
  void finish_whole();
  void finish_text(std::string_view text);
  bool finish_as_stream(std::string_view text);
  void end_stream();
  bool looks_whole() const;
  void warn();
  void fail_with_words();
  void fail_page();
  void fail_redirect();
  void fail_too_long();

  template <class Delta>
  void emit(std::string text);
  void emit(ThinkTags::Parted parted);
  void flush();

  const Api api_;
  Mode mode_ = Mode::kUndecided;
  int status_ = 200;
  Headers headers_;
  std::string body_;                            // what is collected for kWhole, kPage and kError
  std::size_t searched_ = 0;                    // where to look for signs of a stream in it
  std::size_t first_line_ = std::string::npos;  // where its first line ends
  sse::Parser parser_;
  std::vector<Event>* events_ = nullptr;  // the caller's, during a call

  text::Utf8Stream content_;
  text::Utf8Stream reasoning_;
  text::Utf8Stream refusal_;
  ThinkTags tags_;
  ToolCalls calls_;
  /// What could not be read, or was not understood, since anything was: why the stream ends here,
  /// should it do so.
  std::string words_;
  std::string unreadable_;  // the first events that were skipped
  int skipped_ = 0;
  std::string late_failure_;                // an error after the finish
  std::unique_ptr<ResponseDecoder> other_;  // of the format that the response has, if not this one
  bool any_event_ = false;                  // an event of the format has come
  bool is_other_ = false;                   // this is such a decoder
  bool marked_ = false;                     // an end mark has come
  bool finished_ = false;                   // an event before this one had a finish reason
  std::size_t silent_ = 0;                  // bytes of a stream since something came out
  std::size_t given_ = 0;                   // bytes of text, reasoning and calls that have come out
  bool at_end_ = false;                     // the input is over: what comes now may be cut
  bool thought_ = false;                    // there is reasoning
  bool parted_ = false;                     // a blank line is due before more reasoning
};

}  // namespace chatvim::wire
