// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "chatvim/document/format.hpp"
#include "chatvim/document/message.hpp"
#include "chatvim/document/writer.hpp"

namespace chatvim::completion {

/// An answer as its document has it, for the next request. It is written and read back, so that a
/// later request of the same answer is the same whether the answer went on or its document was
/// opened again.
class Transcript {
 public:
  explicit Transcript(const document::Format& format);

  void add_text(std::string_view text);
  void add(const document::AnswerPart& part);
  /// Returns the answer so far; its content is empty if nothing came.
  document::Message message() const;

 private:
  document::Format format_;
  std::string text_;
  document::ReplyWriter writer_;
};

}  // namespace chatvim::completion
