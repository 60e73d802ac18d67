// SPDX-License-Identifier: Apache-2.0
#include "chatvim/document/writer.hpp"

#include <utility>

#include "chatvim/document/place.hpp"
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
  Piece finish();
  bool started() const { return started_; }
  std::string closing() const;

 private:
  enum class Block { kNone, kOpen, kClosed };

  void begin(Piece& piece);
  void open_block(Piece& piece);
  void close_block(Piece& piece);
  void add_answer(Piece& piece, std::string_view text);
  Piece block(const std::string& lines);
  ReplyPart new_answer(bool begins_message) const;

  Format format_;
  SpecialLines special_;
  ReplyPart reasoning_;
  ReplyPart answer_;
  std::string header_;
  bool header_is_delimiter_ = false;  // the header begins with the delimiter line
  std::string footer_;                // the next user delimiter, or empty
  bool takes_reasoning_ = true;
  bool started_ = false;
  bool answered_ = false;  // text of the answer was emitted
  bool between_ = false;   // a blank line is due: a block or its beginning comes next to text
  bool finished_ = false;
  Block block_ = Block::kNone;
};

ReplyWriter::Impl::Impl(Format format, const Tail& tail)
    : format_(std::move(format)),
      special_(format_, tail.marker),
      reasoning_(special_, SpecialLines::kEverywhere | SpecialLines::kCloser,
                 SpecialLines::kEverywhere | SpecialLines::kCloser),
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

ReplyWriter::Impl::Impl(Format format, const Place& place) : Impl(std::move(format), place.tail) {
  if (place.delimiter_below) {
    footer_.clear();
  }
  if (!place.kept.empty()) {
    answer_.resume(place.kept, place.again);
    header_.clear();
    header_is_delimiter_ = false;
    takes_reasoning_ = false;
  }
}

Piece ReplyWriter::Impl::reasoning(std::string_view delta) {
  Piece piece;
  if (finished_ || answer_.has_text() || !takes_reasoning_) {
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

Piece ReplyWriter::Impl::finish() {
  Piece piece;
  if (finished_) {
    return piece;
  }
  add_answer(piece, answer_.finish());
  close_block(piece);
  finished_ = true;
  if (started_) {
    piece.text += footer_;
  }
  return piece;
}

std::string ReplyWriter::Impl::closing() const {
  std::string out;
  if (started_ && !finished_) {
    const std::string fence = block_ == Block::kOpen ? reasoning_.closer() : answer_.closer();
    out += fence.empty() ? "" : "\n" + fence;
    out += block_ == Block::kOpen ? "\n\n" + std::string(kReasoningClose) : "";
  }
  return finished_ ? out : out + footer_;
}

Piece ReplyWriter::Impl::part(const AnswerPart& part) {
  switch (part.kind) {
    case AnswerPart::Kind::kCall:
      return block(write_call(part.call, special_));
    case AnswerPart::Kind::kState:
      return block(write_state(part.model, part.text));
    case AnswerPart::Kind::kText:
      break;
  }
  return answer(part.text);
}

/// Adds the lines of a block, after the text before it.
Piece ReplyWriter::Impl::block(const std::string& lines) {
  Piece piece;
  if (finished_ || !special_.can_keep_calls()) return piece;
  add_answer(piece, answer_.finish());
  between_ = true;
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
    piece.text += block_ == Block::kClosed ? "\n\n" : "";
  } else if (between_) {
    piece.text += "\n\n";
  }
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
Piece ReplyWriter::finish() { return impl_->finish(); }
Piece ReplyWriter::ending() const {
  // The copy still refers to the original's special lines, which outlive it.
  Impl copy = *impl_;
  return copy.finish();
}
bool ReplyWriter::started() const { return impl_->started(); }
std::string ReplyWriter::closing() const { return impl_->closing(); }

}  // namespace chatvim::document
