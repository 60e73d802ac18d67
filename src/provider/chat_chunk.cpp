// SPDX-License-Identifier: Apache-2.0
#include "chat_chunk.hpp"

#include <utility>

#include "finish_reason.hpp"
#include "json_cursor.hpp"
#include "token_usage.hpp"

namespace chatvim::provider {
namespace {

using Kind = JsonCursor::Kind;

void append_to(std::string& all, std::string& piece) {
  if (all.empty()) {
    std::swap(all, piece);
  } else {
    all += piece;
  }
}

}  // namespace

void Speech::clear() {
  content.clear();
  reasoning_content.clear();
  reasoning.clear();
  thinking_parts.clear();
  reasoning_details.clear();
  refusal.clear();
  tools.clear();
}

bool Speech::empty() const {
  return content.empty() && reasoning_content.empty() && reasoning.empty() &&
         thinking_parts.empty() && reasoning_details.empty() && refusal.empty() && tools.empty();
}

void ChatChunk::clear() {
  speech.clear();
  whole = choices = known = damaged = error = false;
  finish_reason.clear();
  usage.reset();
}

/// One reading of one text: the cursor and where the fields go.
struct ChunkReader::Reading {
  ChunkReader& reader;
  JsonCursor json;
  std::int64_t position = 0;  // of the choice among the chunk's
  std::optional<Usage> choice_usage;

  void note_error() {
    if (json.truthy()) reader.chunk_.error = true;
  }

  void chunk() {
    std::optional<Usage> fallback;
    json.members([&](std::string_view key) {
      if (key == "choices") {
        if (json.kind() == Kind::kArray) reader.chunk_.known = true;
        json.elements([&] { choice(); });
      } else if (key == "usage") {
        read_usage(json, reader.chunk_.usage);
        if (reader.chunk_.usage) reader.chunk_.known = true;
      } else if (key == "x_groq") {
        reader.chunk_.known = true;
        json.members([&](std::string_view inner) {
          if (inner == "usage") return read_usage(json, fallback);
          inner == "error" ? note_error() : json.skip();
        });
      } else if (key == "error" || key == "error_type" || key == "error_message") {
        note_error();
      } else if (key == "object" || key == "type") {
        const bool is_text = json.string_or_skip(reader.scratch_);
        if (!is_text) return;
        if (reader.scratch_ == "error") reader.chunk_.error = true;
        if (reader.scratch_.starts_with("chat.completion")) reader.chunk_.known = true;
      } else {
        json.skip();
      }
    });
    auto& usage = reader.chunk_.usage;
    if (!usage) usage = choice_usage ? choice_usage : fallback;
  }

  void choice() {
    if (json.kind() != Kind::kObject) return json.skip();
    std::optional<std::int64_t> index;
    std::optional<Usage> usage;
    bool has_delta = false;
    reader.delta_.clear();
    reader.message_.clear();
    reader.choice_finish_.clear();
    json.object([&](std::string_view key) {
      if (key == "delta") {
        has_delta = json.kind() == Kind::kObject;
        speech(reader.delta_);
      } else if (key == "message") {
        speech(reader.message_);
      } else if (key == "finish_reason" || key == "finishReason") {
        read_reason(json, reader.choice_finish_);
      } else if (key == "index") {
        index = json.integer_or_skip();
      } else if (key == "usage") {
        read_usage(json, usage);
      } else if (key == "error") {
        note_error();
      } else {
        json.skip();
      }
    });
    // The members come in any order, so whose they are is known only here.
    if (index.value_or(position++) != 0) return;
    reader.chunk_.choices = true;
    if (usage) choice_usage = usage;
    if (!reader.choice_finish_.empty()) reader.chunk_.finish_reason = reader.choice_finish_;
    const bool whole = !has_delta || (reader.delta_.empty() && !reader.message_.empty());
    if (reader.chunk_.speech.empty()) {
      std::swap(reader.chunk_.speech, whole ? reader.message_ : reader.delta_);
      reader.chunk_.whole = whole;
    } else if (!whole) {
      add(reader.delta_);
    }
  }

  /// A second object for the same choice.
  void add(Speech& more) {
    Speech& all = reader.chunk_.speech;
    append_to(all.content, more.content);
    append_to(all.reasoning_content, more.reasoning_content);
    append_to(all.reasoning, more.reasoning);
    append_to(all.thinking_parts, more.thinking_parts);
    append_to(all.reasoning_details, more.reasoning_details);
    append_to(all.refusal, more.refusal);
    for (ToolPiece& piece : more.tools) all.tools.push_back(std::move(piece));
  }

  void speech(Speech& out) {
    json.members([&](std::string_view key) {
      if (key == "content") {
        content(out);
      } else if (key == "reasoning_content") {
        part_text(out.reasoning_content);
      } else if (key == "reasoning" || key == "reasoning_text" || key == "thinking" ||
                 key == "thought") {
        reasoning(out.reasoning);
      } else if (key == "reasoning_details") {
        json.elements([&] { detail(out); });
      } else if (key == "refusal") {
        json.string_or_skip(out.refusal);
      } else if (key == "error") {
        note_error();
      } else if (key == "tool_calls") {
        json.elements([&] { tool(out.tools.emplace_back()); });
      } else if (key == "function_call" && json.kind() == Kind::kObject) {
        function(out.tools.emplace_back());
      } else {
        json.skip();
      }
    });
  }

  /// Where a delta has reasoning under two names, they hold the same text.
  void reasoning(std::string& out) { out.empty() ? part_text(out) : json.skip(); }

  void content(Speech& out) {
    if (json.kind() == Kind::kArray) {
      json.array([&] { part(out); });
    } else {
      json.string_or_skip(out.content);
    }
  }

  /// An element of a list content: a text, or a typed part whose text may itself be a list of
  /// parts.
  void part(Speech& out) {
    std::string piece;
    if (json.kind() == Kind::kString) {
      json.string(piece);
      append_to(out.content, piece);
      return;
    }
    std::string type;
    std::string thinking;
    std::string refusal;
    json.members([&](std::string_view key) {
      if (key == "type") {
        json.string_or_skip(type);
      } else if (key == "text" || key == "content") {
        part_text(piece);
      } else if (key == "thinking" || key == "reasoning" || key == "summary") {
        part_text(thinking);
      } else if (key == "refusal") {
        json.string_or_skip(refusal);
      } else {
        json.skip();
      }
    });
    const bool is_thought = type.starts_with("thinking") || type.starts_with("reasoning");
    append_to(out.thinking_parts, thinking);
    append_to(out.refusal, refusal);
    if (is_thought) {
      append_to(out.thinking_parts, piece);
    } else if (type.empty() || type == "text" || type == "output_text") {
      append_to(out.content, piece);
    }
  }

  void part_text(std::string& out) {
    if (json.kind() == Kind::kArray) {
      json.array([&] { part_text(out); });
    } else if (json.kind() == Kind::kObject) {
      json.object([&](std::string_view key) {
        key == "text" || key == "content" ? part_text(out) : json.skip();
      });
    } else {
      std::string piece;
      json.string_or_skip(piece);
      append_to(out, piece);
    }
  }

  void detail(Speech& out) {
    json.members([&](std::string_view key) {
      if (key != "text" && key != "summary") return json.skip();
      json.string_or_skip(reader.scratch_);
      out.reasoning_details += reader.scratch_;
    });
  }

  void tool(ToolPiece& piece) {
    json.members([&](std::string_view key) {
      if (key == "index") {
        piece.index = json.integer_or_skip();
      } else if (key == "id") {
        json.string_or_skip(piece.id);
      } else if (key == "function" || key == "custom") {
        function(piece);
      } else {
        json.skip();
      }
    });
  }

  void function(ToolPiece& piece) {
    json.members([&](std::string_view key) {
      if (key == "name") {
        json.string_or_skip(piece.name);
      } else if (key == "arguments" || key == "input") {
        // Some servers send the arguments as JSON and not as a text that holds JSON.
        if (json.kind() == Kind::kObject || json.kind() == Kind::kArray) {
          piece.arguments = json.raw();
        } else {
          json.string_or_skip(piece.arguments);
        }
      } else {
        json.skip();
      }
    });
  }
};

ChunkReader::ChunkReader() = default;
ChunkReader::~ChunkReader() = default;

const ChatChunk* ChunkReader::read(std::string_view text) {
  chunk_.clear();
  Reading reading{*this, JsonCursor(text), 0, {}};
  if (reading.json.kind() == Kind::kArray) {
    reading.json.array([&] {
      reading.position = 0;
      reading.chunk();
    });
  } else {
    reading.chunk();
  }
  chunk_.damaged = reading.json.odd();
  return reading.json.readable() ? &chunk_ : nullptr;
}

}  // namespace chatvim::provider
