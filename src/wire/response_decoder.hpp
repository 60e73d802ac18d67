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
#include "first_value.hpp"
#include "think_tags.hpp"
#include "tool_calls.hpp"

namespace chatvim::wire {

/// What the decoders of all wire formats share: event streams, whole answers from servers that do
/// not stream, errors wherever they occur, events that cannot be parsed, and responses in another
/// format than requested. A subclass reads the events and whole answers of its format and emits the
/// result through the protected functions.
class ResponseDecoder : public Decoder {
 public:
  void head(int status, const Headers& headers) override;
  void feed(std::string_view bytes, std::vector<Event>& events) override;
  void finish(std::vector<Event>& events) override;
  bool done() const override { return mode_ == Mode::kDone; }
  bool finished() const override;

 protected:
  /// The result of a format's attempt to read a text.
  enum class Taken {
    kKnown,    ///< recognized and handled
    kDamaged,  ///< recognized and handled, but an ignored value is not valid JSON
    kNothing,  ///< JSON, but not recognized
    kNotJson,
  };

  explicit ResponseDecoder(Api api);

  /// Takes one event of the stream. `data` is trimmed and not empty; it is neither the end mark nor
  /// an event of the type `error`.
  virtual Taken take_event(std::string_view type, std::string_view data) = 0;
  /// Takes a whole answer. If it is recognized, the response ends here.
  virtual Taken take_whole(std::string_view text) = 0;
  /// Whether events of this type must hold JSON; other events may hold anything.
  virtual bool is_ours(std::string_view type) const = 0;
  /// Takes the end mark `[DONE]`.
  virtual void take_end_mark() {}
  /// Ends an answer that has a finish reason.
  virtual void end_answer() { succeed(); }
  /// Emits what comes last in an answer that succeeded.
  virtual void emit_last() {}
  /// The message for a stream that ends without a finish reason.
  virtual std::string_view cut_words() const = 0;

  void note_finish(std::string_view reason);
  void emit_text(std::string_view text);
  void emit_reasoning(std::string_view text);
  void emit_refusal(std::string_view text);
  void call(const ToolPiece& piece);
  /// Emits what differs between the arguments of a call so far and its final ones.
  void set_arguments(int index, std::string_view text);
  void emit_state(std::string item, bool of_turn = false);
  void emit_source(std::string_view url, std::string_view title);
  /// Ends a section of reasoning: the next one is separated by a blank line.
  void part_thoughts();
  void succeed();
  /// Ends the answer at the end of the input, unless an error follows.
  void succeed_later() { marked_ = true; }
  void fail(Failure failure);
  void fail(ErrorCode code, std::string message);
  /// Fails, but emits the token usage before the failure.
  void fail_billed(Failure failure);
  /// Records a text that should repeat the text received so far but differs, for a warning at the
  /// end. If an event could not be parsed, there is a warning already.
  void note_difference(std::string_view text) {
    if (skipped_ == 0) note_unreadable(text);
  }

  std::string finish_reason_;
  std::string fallback_reason_;  ///< used if there is no finish reason at the end
  std::optional<provider::Usage> usage_;
  ToolCalls calls_;
  bool answered_ = false;  ///< text of the answer or a refusal has been emitted

 private:
  enum class Mode {
    kUndecided,  // a good response, but only white space so far
    kStream,
    kWhole,     // one JSON text
    kPage,      // a web page in place of an answer
    kError,     // the body of a response with status 400 or more
    kRedirect,  // any other status but 2xx
    kDone
  };

  void decide(std::string_view& bytes);
  void feed_stream(std::string_view bytes);
  void collect(std::string_view bytes);
  sse::Parser new_parser();
  void become_stream(std::string_view bytes);
  bool take_early();
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
  void begin_other();
  void flush();

  const Api api_;
  Mode mode_ = Mode::kUndecided;
  int status_ = 200;
  Headers headers_;
  std::string body_;          // collected for kWhole, kPage and kError
  FirstValue first_value_;    // of `body_`
  std::size_t searched_ = 0;  // offset in `body_` from which to look for signs of a stream
  std::size_t first_line_ = std::string::npos;  // end of the first line of `body_`
  sse::Parser parser_;
  std::vector<Event>* events_ = nullptr;  // the caller's, during a call

  text::Utf8Stream content_;
  text::Utf8Stream reasoning_;
  text::Utf8Stream refusal_;
  ThinkTags tags_;
  /// The last data that could not be parsed or recognized since anything was emitted; if the stream
  /// ends here, it is the reason.
  std::string words_;
  std::string unreadable_;  // the first events that were skipped
  int skipped_ = 0;
  std::string late_failure_;                // an error after the finish reason
  std::unique_ptr<ResponseDecoder> other_;  // for the actual format, if it differs from `api_`
  bool any_event_ = false;                  // an event of the format has arrived
  bool is_other_ = false;                   // this decoder is another one's `other_`
  bool marked_ = false;                     // the end mark has arrived
  bool finished_ = false;                   // an earlier event had a finish reason
  std::size_t silent_ = 0;                  // bytes of the stream since anything was emitted
  std::size_t given_ = 0;                   // bytes of text, reasoning and tool calls emitted
  bool at_end_ = false;   // the input has ended, so the current event may be truncated
  bool thought_ = false;  // reasoning has been emitted
  bool parted_ = false;   // a blank line is due before more reasoning
};

}  // namespace chatvim::wire
