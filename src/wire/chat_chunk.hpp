// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/wire/event.hpp"

namespace chatvim::wire {

/// A piece of a tool call as it is in a chunk; fields that were absent, null or of another type are
/// empty.
struct ToolPiece {
  std::optional<std::int64_t> index;
  std::string id;
  std::string name;
  std::string arguments;
};

/// What a `delta` (or a `message`) says. The strings are as `JsonCursor` gives them: perhaps cut
/// inside a character.
struct Speech {
  std::string content;
  std::string reasoning_content;  ///< DeepSeek, llama.cpp, LM Studio
  std::string reasoning;          ///< OpenRouter, Groq, vLLM, Ollama, and other servers' names
  std::string thinking_parts;     ///< Mistral: typed parts of `content`
  std::string reasoning_details;  ///< OpenRouter, LiteLLM: the text again, as parts to be sent back
  std::string refusal;
  std::vector<ToolPiece> tools;

  void clear();
  bool empty() const;
};

/// What one chunk of a Chat Completions stream, or one whole answer, says; only one choice is
/// read.
struct ChatChunk {
  Speech speech;
  bool whole = false;    ///< `speech` is a `message`, which may repeat what deltas have said
  bool choices = false;  ///< there is a choice
  bool known = false;    ///< it has the fields of a chunk, if empty ones
  bool damaged = false;  ///< a value that nobody reads is not JSON
  bool error = false;    ///< the chunk reports an error somewhere; see `describe_error`
  std::string finish_reason;
  std::string native_reason;  ///< OpenRouter's `native_finish_reason`
  std::optional<provider::Usage> usage;

  void clear();
};

/// Reads chunks, taking only the fields above in any order; a field that is absent, null, empty or
/// of another type says nothing. It keeps buffers from one chunk to the next.
class ChunkReader {
 public:
  ChunkReader();
  ~ChunkReader();
  ChunkReader(const ChunkReader&) = delete;
  ChunkReader& operator=(const ChunkReader&) = delete;

  /// Reads one chunk; of an array the first element. Nothing when the text is not JSON.
  const ChatChunk* read(std::string_view text);

 private:
  struct Reading;
  ChatChunk chunk_;
  Speech delta_;
  Speech message_;
  std::string choice_finish_;
  std::optional<std::int64_t> index_;  // of the choice that has spoken in an earlier chunk
  std::string scratch_;
};

}  // namespace chatvim::wire
