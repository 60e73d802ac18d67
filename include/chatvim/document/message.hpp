// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::document {

/// The author of a message.
enum class Role { kSystem, kUser, kAssistant };

/// Returns "system", "user" or "assistant".
std::string_view name_of(Role role);

/// One part of a multimodal message: text, a picture or a PDF.
struct Part {
  enum class Kind { kText, kPicture, kPdf };
  Kind kind = Kind::kText;
  std::string text;                               ///< the text; for a picture or PDF, its name
  std::string media_type = {};                    ///< such as "image/png"; empty for text
  std::shared_ptr<const std::string> bytes = {};  ///< of a picture or PDF; null if given by URL
  std::string url = {};                           ///< of a picture that is given by its URL (https)
  int width = 0;                                  ///< of a picture, in pixels; 0: unknown
  int height = 0;
};

/// A tool call by a model, with its result unless it is open.
struct ToolCall {
  enum class Outcome {
    kOpen,  ///< there is no result yet
    kResult,
    kError,    ///< the tool failed; the result says why
    kRefused,  ///< the user did not allow it; the result may say why
    kCut       ///< it was stopped
  };
  std::size_t step = 1;   ///< calls with the same number were made together
  std::string tool;       ///< SERVER.TOOL
  std::string id;         ///< the provider's; not unique
  std::string arguments;  ///< byte for byte as the model wrote them
  bool is_json = true;    ///< false: the arguments were cut, and the call never runs
  Outcome outcome = Outcome::kOpen;
  std::string result = {};
  std::size_t line = 0;  ///< index of its first line in the text it was read from
};

/// Returns "result", "error", "refused" or "cut"; "" for an open call.
std::string_view name_of(ToolCall::Outcome outcome);

/// A part of an answer in which tools were called, in order: text, a call, or what the provider
/// wants back unread.
struct AnswerPart {
  enum class Kind { kText, kCall, kState };
  Kind kind = Kind::kText;
  std::string text = {};  ///< of text; a state in base64
  ToolCall call = {};
  std::string model = {};  ///< of a state: PROVIDER/MODEL, the only one it may go back to
  /// Indexes of its first line, and of the line after its last, in the text it was read from.
  std::size_t line = 0;
  std::size_t end = 0;
};

/// Where an answer comes from and what it took (doc/format.md, section 8). What is not known has no
/// value.
struct Provenance {
  std::string model;                       ///< PROVIDER/MODEL
  std::optional<std::int64_t> input = {};  ///< tokens of all requests of the answer
  std::optional<std::int64_t> output = {};
  std::optional<double> price = {};  ///< US dollars
  std::optional<double> seconds = {};
  std::string time = {};     ///< when it ended, in UTC: 2026-11-29T18:20:05Z; or empty
  std::string outcome = {};  ///< "stopped" or "error" if it is not complete; else empty
};

/// An answer to the same question that was not chosen. It is never sent.
struct OtherAnswer {
  Provenance provenance;
  std::string text;
  /// Indexes of its first line, and of the line after its last, in the text it was read from.
  std::size_t line = 0;
  std::size_t end = 0;
};

/// One message of a chat: its role and its non-empty text, lines joined with `\n`.
struct Message {
  Role role = Role::kUser;
  std::string content;
  std::size_t line = 0;     ///< index of its first line in the text it was read from
  std::string source = {};  ///< the file it comes from, if not the chat itself
  /// What is sent instead of `content` if a picture or PDF is embedded; else empty.
  std::vector<Part> parts = {};
  /// The parts of an answer with calls or states; else empty. `content` is then the text alone.
  std::vector<AnswerPart> answer = {};
  /// The other answers of an answer, in order, and where it comes from itself.
  std::vector<OtherAnswer> others = {};
  std::optional<Provenance> provenance = {};
  /// Indexes of lines (in the text it was read from) that begin like a block of an answer (a call,
  /// a state, another answer, a provenance), but begin none: they are text.
  std::vector<std::size_t> broken_blocks = {};
  /// Number of bytes at the end of `content` in which image links are not treated as embeds.
  std::size_t literal_bytes = 0;
};

/// Adds to all line indexes of a message.
void move_lines(Message& message, std::size_t by);

/// A range within a message: bytes of its content, and the pictures and PDFs in that range,
/// numbered among the message's media parts (text parts not counted).
struct Stretch {
  std::size_t message = 0;  ///< index of the message
  std::size_t offset = 0;
  std::size_t size = 0;
  std::size_t first_media = 0;
  std::size_t end_media = 0;
};

}  // namespace chatvim::document
