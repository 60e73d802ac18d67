// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/writer.hpp"

#include <utility>

#include "chatvim/document/place.hpp"
#include "other_answers.hpp"
#include "reply_part.hpp"
#include "spacing.hpp"
#include "special_lines.hpp"
#include "steps.hpp"

namespace chatvim::document {

class ReplyWriter::Impl {
 public:
  Impl(Format format, const Tail& tail);
  Impl(Format format, const Place& place);

  Piece reasoning(std::string_view delta);
  Piece answer(std::string_view delta);
  Piece part(const AnswerPart& part);
  void expect(const std::vector<AnswerPart>& parts);
  Piece finish(const AnswerEnd& end = {});
  Piece ending() const;
  bool started() const { return started_; }
  std::string closing() const;

 private:
  enum class Block { kNone, kOpen, kClosed };

  void begin(Piece& piece);
  void open_block(Piece& piece);
  void close_block(Piece& piece);
  void add_answer(Piece& piece, std::string_view text);
  Piece block(const std::string& lines);
  std::string lines_of(const AnswerEnd& end) const;
  void go_on(const Place& place);
  ReplyPart new_answer(bool begins_message) const;
  ReplyPart new_reasoning() const;
  Impl without_held() const;

  Format format_;
  SpecialLines special_;
  ReplyPart reasoning_;
  ReplyPart answer_;
  std::string header_;
  bool header_is_delimiter_ = false;  // the header begins with the delimiter line
  std::string footer_;                // other answers below, and the next user delimiter
  bool takes_reasoning_ = true;
  bool started_ = false;
  bool answered_ = false;  // text of the answer was emitted
  bool continues_text_ = false;
  bool between_ = false;  // a blank line is due: a block or its beginning comes next to text
  bool finished_ = false;
  Block block_ = Block::kNone;
  std::string expected_;  // the parts to come, as they will be written; or empty
};

ReplyWriter::Impl::Impl(Format format, const Tail& tail)
    : format_(std::move(format)),
      special_(format_, tail.marker),
      reasoning_(new_reasoning()),
      answer_(new_answer(true)),
      footer_(write_user_delimiter(format_)),
      takes_reasoning_(special_.can_keep_reasoning()) {
  const std::string suffix = whole_lines(format_.delimiter_suffix);
  if (tail.under == Role::kAssistant) {
    header_ = missing(suffix, tail.white_space);
    return;
  }
  if (!tail.empty) {
    header_ = missing(whole_lines_below(format_.delimiter_prefix), tail.white_space);
  }
  header_is_delimiter_ = header_.empty();
  header_ += format_.assistant_delimiter;
  header_ += suffix;
}

ReplyPart ReplyWriter::Impl::new_answer(bool begins_message) const {
  const auto kinds = SpecialLines::kEverywhere | SpecialLines::kStep;
  return {special_, begins_message ? kinds | SpecialLines::kOpener : kinds, kinds};
}

ReplyPart ReplyWriter::Impl::new_reasoning() const {
  const auto kinds = SpecialLines::kEverywhere | SpecialLines::kCloser;
  return {special_, kinds, kinds};
}

ReplyWriter::Impl::Impl(Format format, const Place& place) : Impl(std::move(format), place.tail) {
  if (place.delimiter_below) {
    footer_.clear();
  }
  if (!place.others.empty()) {
    footer_.insert(0, "\n\n" + place.others);
  }
  if (!place.kept.empty() || place.after_block || !place.again_parts.empty()) {
    go_on(place);
  }
}

/// Continues an answer instead of beginning one.
void ReplyWriter::Impl::go_on(const Place& place) {
  header_.clear();
  header_is_delimiter_ = false;
  takes_reasoning_ = false;
  between_ = place.after_block && place.kept.empty();
  if (place.after_block || !place.again_parts.empty()) {
    answer_ = new_answer(false);
  }
  if (!place.kept.empty()) {
    answer_.resume(place.kept, place.again);
    continues_text_ = true;
  }
}

Piece ReplyWriter::Impl::reasoning(std::string_view delta) {
  Piece piece;
  if (finished_ || answered_ || answer_.has_text() || !takes_reasoning_) {
    return piece;
  }
  const std::string text = reasoning_.feed(delta);
  if (!text.empty()) {
    open_block(piece);
    piece.text += text;
  }
  return piece;
}

Piece ReplyWriter::Impl::answer(std::string_view delta) {
  Piece piece;
  if (!finished_) {
    add_answer(piece, answer_.feed(delta));
  }
  return piece;
}

Piece ReplyWriter::Impl::finish(const AnswerEnd& end) {
  Piece piece;
  if (finished_) {
    return piece;
  }
  add_answer(piece, answer_.finish());
  close_block(piece);
  finished_ = true;
  if (started_) {
    piece.text += lines_of(end);
    piece.text += footer_;
  }
  return piece;
}

/// Returns what stands below the text, with blank lines before it.
std::string ReplyWriter::Impl::lines_of(const AnswerEnd& end) const {
  std::string out;
  if (!special_.can_keep_blocks()) return out;
  if (end.provenance) out.append("\n\n").append(write_provenance(*end.provenance));
  for (const OtherAnswer& other : end.others) {
    out.append("\n\n").append(write_other(other, special_));
  }
  return out;
}

Piece ReplyWriter::Impl::ending() const {
  // The copy still refers to the original's special lines, which outlive it.
  Impl copy = *this;
  if (finished_ || expected_.empty()) {
    return copy.finish();
  }
  Piece piece = copy.block(expected_);
  piece.text += copy.finish().text;
  return piece;
}

/// Returns a copy in which the text that is held back never arrived and what is open was closed.
ReplyWriter::Impl ReplyWriter::Impl::without_held() const {
  Impl copy = *this;
  copy.answer_ = new_answer(false);
  copy.reasoning_ = new_reasoning();
  copy.block_ = block_ == Block::kOpen ? Block::kClosed : block_;
  return copy;
}

std::string ReplyWriter::Impl::closing() const {
  if (finished_) {
    return {};
  }
  if (!started_) {
    return without_held().block(expected_).text + footer_;
  }
  const std::string fence = block_ == Block::kOpen ? reasoning_.closer() : answer_.closer();
  std::string out = fence.empty() ? "" : "\n" + fence;
  out += block_ == Block::kOpen ? "\n\n" + std::string(kReasoningClose) : "";
  if (!expected_.empty()) {
    out += without_held().block(expected_).text;
  }
  return out + footer_;
}

Piece ReplyWriter::Impl::part(const AnswerPart& part) {
  switch (part.kind) {
    case AnswerPart::Kind::kCall:
      return block(write_call(part.call, special_));
    case AnswerPart::Kind::kState:
      return block(write_state(part.model, part.text, special_));
    case AnswerPart::Kind::kText:
      break;
  }
  return answer(part.text);
}

void ReplyWriter::Impl::expect(const std::vector<AnswerPart>& parts) {
  Impl scratch = without_held();
  scratch.answered_ = true;
  scratch.between_ = false;
  expected_.clear();
  for (const AnswerPart& part : parts) {
    expected_ += scratch.part(part).text;
  }
  Piece rest;
  scratch.add_answer(rest, scratch.answer_.finish());
  expected_ += rest.text;
  expected_.erase(0, expected_.find_first_not_of('\n'));
}

/// Adds the lines of a block, after the text before it.
Piece ReplyWriter::Impl::block(const std::string& lines) {
  Piece piece;
  if (finished_ || !special_.can_keep_blocks()) return piece;
  add_answer(piece, answer_.finish_before_block());
  between_ = between_ || answered_ || continues_text_;
  add_answer(piece, lines);
  answer_ = new_answer(false);
  between_ = true;
  return piece;
}

void ReplyWriter::Impl::begin(Piece& piece) {
  if (!started_) {
    started_ = true;
    piece.text += header_;
    piece.at_line_start = header_is_delimiter_;
  }
}

void ReplyWriter::Impl::open_block(Piece& piece) {
  if (block_ == Block::kNone) {
    begin(piece);
    block_ = Block::kOpen;
    piece.text += kReasoningOpen;
    piece.text += "\n\n";
  }
}

void ReplyWriter::Impl::close_block(Piece& piece) {
  if (block_ == Block::kClosed) {
    return;
  }
  const std::string text = reasoning_.finish();
  if (!text.empty()) {
    open_block(piece);
    piece.text += text;
  }
  if (block_ == Block::kOpen) {
    piece.text += "\n\n";
    piece.text += kReasoningClose;
    block_ = Block::kClosed;
  }
}

void ReplyWriter::Impl::add_answer(Piece& piece, std::string_view text) {
  if (text.empty()) {
    return;
  }
  if (!answered_) {
    answered_ = true;
    close_block(piece);
    begin(piece);
    between_ = between_ || block_ == Block::kClosed;
  }
  piece.text += between_ ? "\n\n" : "";
  between_ = false;
  piece.text += text;
}

ReplyWriter::ReplyWriter(Format format, const Tail& tail)
    : impl_(std::make_unique<Impl>(std::move(format), tail)) {}
ReplyWriter::ReplyWriter(Format format, const Place& place)
    : impl_(std::make_unique<Impl>(std::move(format), place)) {}
ReplyWriter::~ReplyWriter() = default;
ReplyWriter::ReplyWriter(ReplyWriter&&) noexcept = default;
ReplyWriter& ReplyWriter::operator=(ReplyWriter&&) noexcept = default;

Piece ReplyWriter::reasoning(std::string_view delta) { return impl_->reasoning(delta); }
Piece ReplyWriter::answer(std::string_view delta) { return impl_->answer(delta); }
Piece ReplyWriter::part(const AnswerPart& part) { return impl_->part(part); }
void ReplyWriter::expect(const std::vector<AnswerPart>& parts) { impl_->expect(parts); }
Piece ReplyWriter::finish(const AnswerEnd& end) { return impl_->finish(end); }
Piece ReplyWriter::ending() const { return impl_->ending(); }
bool ReplyWriter::started() const { return impl_->started(); }
std::string ReplyWriter::closing() const { return impl_->closing(); }

}  // namespace chatvim::document
