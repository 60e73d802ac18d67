// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/json/cursor.hpp"
#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// A piece of a tool call from one chunk. Fields that were absent, null or of the wrong type are
/// empty.
struct ToolPiece {
  std::optional<std::int64_t> index;
  std::string id;
  std::string name;
  std::string arguments;
  std::string extra = {};  ///< `extra_content`, an object as JSON
};

/// A source of the text, from a search by the provider.
struct Source {
  std::string url;
  std::string title;
  std::int64_t start = 0;  ///< where in the text it is cited, if the server says so
};

/// Reads a source from an annotation of the type `url_citation`, whose members may be in an object
/// of that name, or from a plain URL. Its `url` is empty if there is none.
Source read_source(json::JsonCursor& json);

/// The content of a `delta` or a `message`. The strings are as `JsonCursor` returns them and may be
/// split inside a character.
struct ChatMessage {
  std::string content;
  std::string reasoning_content;  ///< DeepSeek, llama.cpp, LM Studio
  std::string reasoning;  ///< OpenRouter, Groq, vLLM, Ollama; also holds the other names for it
  std::string thinking_parts;     ///< Mistral: typed parts of `content`
  std::string reasoning_details;  ///< OpenRouter, LiteLLM: the text again, as parts to send back
  std::string refusal;
  std::vector<ToolPiece> tools;

  void clear();
  bool empty() const;
};

/// The content of one chunk of a Chat Completions stream, or of one whole answer. Only one choice
/// is read.
struct ChatChunk {
  ChatMessage message;
  bool whole = false;    ///< it is a `message`, not a `delta`, and may repeat earlier deltas
  bool choices = false;  ///< the choice to read is present
  bool known = false;    ///< it has the fields of a chunk, even if they are empty
  bool damaged = false;  ///< an ignored value is not valid JSON
  bool error = false;    ///< the chunk reports an error anywhere; see `describe_error`
  std::vector<std::string> details;   ///< the elements of `reasoning_details`, as JSON
  std::vector<Source> sources;        ///< of the message
  std::vector<Source> whole_sources;  ///< of the answer as a whole: Perplexity, xAI
  std::string finish_reason;
  std::string native_reason;  ///< OpenRouter's `native_finish_reason`
  std::optional<provider::Usage> usage;

  void clear();
};

/// Reads chunks, taking only the fields above, in any order. Ignores a field that is absent, null,
/// empty or of the wrong type. Reuses its buffers from one chunk to the next.
class ChunkReader {
 public:
  ChunkReader();
  ~ChunkReader();
  ChunkReader(const ChunkReader&) = delete;
  ChunkReader& operator=(const ChunkReader&) = delete;

  /// Reads one chunk; an array is read element by element into one chunk. Returns null if the text
  /// is not JSON. The result is valid until the next call.
  const ChatChunk* read(std::string_view text);

 private:
  struct Reading;
  ChatChunk chunk_;
  ChatMessage delta_;
  ChatMessage message_;
  std::string choice_finish_;
  std::optional<std::int64_t> index_;  // of the choice that had content in an earlier chunk
  std::string scratch_;
};

}  // namespace chatvim::wire
