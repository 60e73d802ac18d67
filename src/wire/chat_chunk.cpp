// SPDX-License-Identifier: Apache-2.0
#include "chat_chunk.hpp"

#include <utility>

#include "any_text.hpp"
#include "chatvim/json/cursor.hpp"
#include "chatvim/text/fold.hpp"
#include "error_body.hpp"
#include "finish_reason.hpp"
#include "token_usage.hpp"

namespace chatvim::wire {
namespace {

using Kind = json::JsonCursor::Kind;

/// Other names of `reasoning`.
bool is_reasoning(std::string_view key) {
  return key == "reasoning" || key == "reasoning_text" || key == "thinking" || key == "thought" ||
         key == "thoughts" || key == "thinking_content" || key == "reasoning_summary";
}

}  // namespace

void ChatMessage::clear() {
  content.clear();
  reasoning_content.clear();
  reasoning.clear();
  thinking_parts.clear();
  reasoning_details.clear();
  refusal.clear();
  tools.clear();
}

bool ChatMessage::empty() const {
  return content.empty() && reasoning_content.empty() && reasoning.empty() &&
         thinking_parts.empty() && reasoning_details.empty() && refusal.empty() && tools.empty();
}

void ChatChunk::clear() {
  message.clear();
  whole = choices = known = damaged = error = false;
  finish_reason.clear();
  native_reason.clear();
  details.clear();
  sources.clear();
  whole_sources.clear();
  usage.reset();
}

Source read_source(json::JsonCursor& json) {
  Source source;
  if (json.kind() == Kind::kString) {
    json.string(source.url);
    return source;
  }
  json.members([&](std::string_view key) {
    if (key == "url_citation") {
      source = read_source(json);
    } else if (key == "url") {
      json.string_or_skip(source.url);
    } else if (key == "title") {
      json.string_or_skip(source.title);
    } else if (key == "start_index") {
      source.start = json.integer_or_skip().value_or(0);
    } else {
      json.skip();
    }
  });
  return source;
}

/// The state of one call to `read`: the cursor, and the reader that receives the fields.
struct ChunkReader::Reading {
  ChunkReader& reader;
  json::JsonCursor json;
  std::int64_t position = 0;           // of the choice in the chunk
  std::optional<std::int64_t> chosen;  // the index of the choice to read
  std::optional<provider::Usage> choice_usage;

  void note_error() {
    if (json.truthy()) reader.chunk_.error = true;
  }

  void chunk() {
    std::optional<provider::Usage> fallback;
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
      } else if (key == "finish_reason") {
        read_reason(json, reader.chunk_.finish_reason);
        if (!reader.chunk_.finish_reason.empty()) reader.chunk_.known = true;
      } else if (is_error_key(key)) {
        note_error();
      } else if (key == "object" || key == "type") {
        const bool is_text = json.string_or_skip(reader.scratch_);
        if (!is_text) return;
        if (reader.scratch_ == "error") reader.chunk_.error = true;
        if (reader.scratch_.starts_with("chat.completion")) reader.chunk_.known = true;
      } else if (key == "citations") {
        json.elements([&] { reader.chunk_.whole_sources.push_back(read_source(json)); });
      } else {
        json.skip();
      }
    });
    if (!reader.index_ && !reader.chunk_.message.empty()) reader.index_ = chosen;
    auto& usage = reader.chunk_.usage;
    if (!usage) usage = choice_usage ? choice_usage : fallback;
  }

  void choice() {
    if (json.kind() != Kind::kObject) return json.skip();
    std::optional<std::int64_t> index;
    std::optional<provider::Usage> usage;
    std::string text;
    bool has_delta = false;
    reader.delta_.clear();
    reader.message_.clear();
    reader.choice_finish_.clear();
    const std::size_t details = reader.chunk_.details.size();
    const std::size_t sources = reader.chunk_.sources.size();
    json.object([&](std::string_view key) {
      if (key == "delta") {
        has_delta = json.kind() == Kind::kObject || json.kind() == Kind::kString;
        message(reader.delta_);
      } else if (key == "message") {
        message(reader.message_);
      } else if (key == "text") {
        append_text(json, text);
      } else if (key == "finish_reason" || key == "finishReason") {
        finish_reason();
      } else if (key == "native_finish_reason") {
        read_reason(json, reader.chunk_.native_reason);
      } else if (key == "index") {
        index = json.integer_or_skip();
      } else if (key == "usage") {
        read_usage(json, usage);
      } else if (is_error_key(key)) {
        note_error();
      } else {
        json.skip();
      }
    });
    if (reader.delta_.empty() && reader.message_.empty() && !text.empty()) {
      has_delta = true;
      reader.delta_.content = std::move(text);
    }
    // Members come in any order, so the index of the choice is known only here.
    if (!choose(index.value_or(position++))) {
      reader.chunk_.details.resize(details);
      reader.chunk_.sources.resize(sources);
      return;
    }
    reader.chunk_.choices = true;
    if (usage) choice_usage = usage;
    if (!reader.choice_finish_.empty()) reader.chunk_.finish_reason = reader.choice_finish_;
    const bool whole = !has_delta || (reader.delta_.empty() && !reader.message_.empty());
    ChatMessage& message = whole ? reader.message_ : reader.delta_;
    if (reader.chunk_.message.empty()) {
      std::swap(reader.chunk_.message, message);
      reader.chunk_.whole = whole;
    } else if (whole == reader.chunk_.whole) {
      add(message);
    }
  }

  /// Whether the choice with this index is the one to read: index 0, or the first with any content
  /// in a stream that has no index 0.
  bool choose(std::int64_t index) {
    if (reader.index_) return index == *reader.index_;
    if (index == 0) {
      if (chosen.value_or(0) != 0) {
        reader.chunk_.message.clear();
        reader.chunk_.finish_reason.clear();
      }
      chosen = 0;
    } else if (!chosen && !(reader.delta_.empty() && reader.message_.empty())) {
      chosen = index;
    }
    return index == chosen;
  }

  /// Reads a finish reason. Both the choice and its delta may have one, with null in one of them.
  void finish_reason() {
    std::string reason;
    read_reason(json, reason);
    if (!reason.empty()) reader.choice_finish_ = std::move(reason);
  }

  /// Appends the content of a second object for the same choice.
  void add(ChatMessage& more) {
    ChatMessage& all = reader.chunk_.message;
    append_to(all.content, more.content);
    append_to(all.reasoning_content, more.reasoning_content);
    append_to(all.reasoning, more.reasoning);
    append_to(all.thinking_parts, more.thinking_parts);
    append_to(all.reasoning_details, more.reasoning_details);
    append_to(all.refusal, more.refusal);
    for (ToolPiece& piece : more.tools) all.tools.push_back(std::move(piece));
  }

  void message(ChatMessage& out) {
    if (json.kind() == Kind::kString) return append_text(json, out.content);
    json.members([&](std::string_view key) {
      if (key == "content") {
        content(out);
      } else if (key == "reasoning_content") {
        append_text(json, out.reasoning_content);
      } else if (is_reasoning(key)) {
        reasoning(out.reasoning);
      } else if (key == "reasoning_details") {
        json.elements([&] { reader.chunk_.details.emplace_back(detail(out)); });
      } else if (key == "thinking_blocks") {
        json.elements([&] { detail(out); });
      } else if (key == "refusal") {
        json.string_or_skip(out.refusal);
      } else if (key == "finish_reason") {
        finish_reason();
      } else if (is_error_key(key)) {
        note_error();
      } else if (key == "tool_calls") {
        json.elements([&] { tool(out.tools.emplace_back()); });
      } else if (key == "function_call" && json.kind() == Kind::kObject) {
        function(out.tools.emplace_back());
      } else if (key == "annotations") {
        json.elements([&] { reader.chunk_.sources.push_back(read_source(json)); });
      } else {
        json.skip();
      }
    });
  }

  /// Reads reasoning, but only once: a delta that has it under two names holds the same text twice.
  void reasoning(std::string& out) { out.empty() ? append_text(json, out) : json.skip(); }

  void content(ChatMessage& out) {
    json.kind() == Kind::kString ? append_text(json, out.content) : part(out);
  }

  /// Reads a list of parts or a single part: a string, or a typed part whose text may itself be a
  /// list of parts.
  void part(ChatMessage& out) {
    if (json.kind() == Kind::kString) return append_text(json, out.content);
    if (json.kind() == Kind::kArray) return void(json.array([&] { part(out); }));
    std::string piece;
    std::string type;
    std::string thinking;
    std::string refusal;
    json.members([&](std::string_view key) {
      if (key == "type") {
        json.string_or_skip(type);
      } else if (key == "text" || key == "content") {
        append_text(json, piece);
      } else if (key == "thinking" || key == "reasoning" || key == "summary") {
        append_text(json, thinking);
      } else if (key == "refusal") {
        json.string_or_skip(refusal);
      } else {
        json.skip();
      }
    });
    type = text::fold_word(type);
    const bool is_thought = type.starts_with("thinking") || type.starts_with("reasoning");
    append_to(out.thinking_parts, thinking);
    append_to(out.refusal, refusal);
    if (is_thought) {
      append_to(out.thinking_parts, piece);
    } else if (type.empty() || type.find("text") != std::string::npos) {
      append_to(out.content, piece);
    }
  }

  /// Reads an element of `reasoning_details`; returns its source text.
  std::string_view detail(ChatMessage& out) {
    const std::string_view rest = json.rest();
    json.members([&](std::string_view key) {
      if (key != "text" && key != "summary" && key != "thinking") return json.skip();
      json.string_or_skip(reader.scratch_);
      out.reasoning_details += reader.scratch_;
    });
    return rest.substr(0, rest.size() - json.rest().size());
  }

  void tool(ToolPiece& piece) {
    json.members([&](std::string_view key) {
      if (key == "index") {
        piece.index = json.integer_or_skip();
      } else if (key == "id") {
        json.string_or_skip(piece.id);
      } else if (key == "function" || key == "custom") {
        function(piece);
      } else if (key == "extra_content" && json.kind() == Kind::kObject) {
        piece.extra = json.raw();
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
        // Some servers send the arguments as JSON, not as a string that contains JSON.
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
  Reading reading{*this, json::JsonCursor(text), 0, {}, {}};
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

}  // namespace chatvim::wire
