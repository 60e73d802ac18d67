// SPDX-License-Identifier: Apache-2.0
// chatvim_mutate_streams COUNT [SEED]: so many good streams of each wire format, each changed in up
// to four ways that servers and gateways are known for, and what the decoders make of them. Stream
// i has the seed SEED + i; a loss names it, and `1 SEED` plays it again. Time is virtual: a server
// that keeps the connection sends heartbeats, and the decoder has to say that the answer is over.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "chatvim/wire/decoder.hpp"

namespace chatvim::fuzz {
namespace {

/// Words that a server says in an error, and that no stream holds otherwise.
constexpr std::string_view kWords = "the pod was evicted";

/// An event of a stream. `touched`: its own bytes are no longer what the format asks for.
struct Block {
  enum class Kind { kText, kFinish, kEnd, kOther, kError, kPlainError };
  Kind kind = Kind::kOther;
  std::string bytes;  // lines, each with its LF, and the blank line that ends them
  std::string text = {};
  bool touched = false;
};
using Kind = Block::Kind;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t limit) { return engine_() % limit; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  template <class List>
  auto& pick(List& list) {
    return list[below(std::size(list))];
  }

 private:
  std::mt19937_64 engine_;
};

std::string event(const std::string& type, const std::string& members) {
  return fmt::format("event: {0}\ndata: {{\"type\":\"{0}\"{1}}}\n\n", type, members);
}

std::string chunk(const std::string& choice, const std::string& more = "") {
  return fmt::format("data: {{\"id\":\"c\",\"choices\":[{}]{}}}\n\n", choice, more);
}

std::vector<Block> chat_stream(const std::vector<std::string>& texts) {
  std::vector<Block> out{{Kind::kOther, chunk(R"({"index":0,"delta":{"role":"assistant"}})")}};
  for (const std::string& text : texts) {
    out.push_back(
        {Kind::kText,
         chunk(R"({"index":0,"delta":{"content":")" + text + R"("},"finish_reason":null})"), text});
  }
  out.push_back({Kind::kFinish, chunk(R"({"index":0,"delta":{},"finish_reason":"stop"})")});
  out.push_back({Kind::kOther, chunk("", R"(,"usage":{"prompt_tokens":9,"completion_tokens":2})")});
  out.push_back({Kind::kEnd, "data: [DONE]\n\n"});
  return out;
}

std::vector<Block> responses_stream(const std::vector<std::string>& texts) {
  std::vector<Block> out{{Kind::kOther, event("response.created", R"(,"response":{"output":[]})")}};
  for (const std::string& text : texts) {
    out.push_back({Kind::kText,
                   event("response.output_text.delta",
                         R"(,"output_index":0,"content_index":0,"delta":")" + text + "\""),
                   text});
  }
  out.push_back({Kind::kOther, event("response.output_item.done", R"(,"output_index":0)")});
  out.push_back(
      {Kind::kEnd, event("response.completed",
                         R"(,"response":{"object":"response","status":"completed","output":[]})")});
  return out;
}

std::vector<Block> messages_stream(const std::vector<std::string>& texts) {
  std::vector<Block> out{
      {Kind::kOther, event("message_start", R"(,"message":{"content":[]})")},
      {Kind::kOther,
       event("content_block_start", R"(,"index":0,"content_block":{"type":"text","text":""})")}};
  for (const std::string& text : texts) {
    out.push_back({Kind::kText,
                   event("content_block_delta",
                         R"(,"index":0,"delta":{"type":"text_delta","text":")" + text + "\"}"),
                   text});
  }
  out.push_back({Kind::kOther, event("content_block_stop", R"(,"index":0)")});
  out.push_back({Kind::kFinish, event("message_delta", R"(,"delta":{"stop_reason":"end_turn"})")});
  out.push_back({Kind::kEnd, event("message_stop", "")});
  return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// An error in one of eight shapes.
Block error_block(Dice& dice) {
  const std::string words(kWords);
  const std::string object = R"({"error":{"message":")" + words + R"(","type":"server_error"}})";
  const std::string pretty =
      "{\n  \"error\": {\n    \"message\": \"" + words + "\",\n    \"code\": 500\n  }\n}\n\n";
  switch (dice.below(8)) {
    case 0:
      return {Kind::kError, "data: " + object + "\n\n"};
    case 1:
      return {Kind::kError, "event: error\ndata: " + object + "\n\n"};
    case 2:
      return {Kind::kError, "error: " + object + "\n\n"};
    case 3:
      return {Kind::kError, object + "\n\n"};
    case 4:
      return {Kind::kError, pretty};
    case 5:
      return {Kind::kPlainError, words + "\n\n"};
    case 6:
      return {Kind::kError,
              R"(data: {"code":1305,"msg":")" + words + R"(","success":false})" + "\n\n"};
    default:
      return {Kind::kError, "data: [DONE]\ndata: " + object + "\n\n"};
  }
}

/// Changes a name, a word or a byte of an event.
void touch(Block& block, Dice& dice) {
  static constexpr std::pair<std::string_view, std::string_view> kRenames[] = {
      {"data:", "dta:"},          {"data:", ""},          {"event:", "evt:"},
      {"\"choices\"", "\"c\""},   {"\"delta\"", "\"d\""}, {"\"type\"", "\"kind\""},
      {"\"content\"", "\"txt\""}, {"\"text\"", "\"t\""},  {"message_", "msg_"},
      {"response.", "resp."},     {"[DONE]", "[END]"},    {"\"finish_reason\"", "\"fr\""}};
  if (block.bytes.size() <= 2) return;  // nothing but its blank line
  const std::string before = block.bytes;
  if (dice.one_in(2)) {
    const auto& [from, to] = dice.pick(kRenames);
    block.bytes = replaced(block.bytes, from, to);
  } else {
    // Not its blank line.
    const std::size_t at = dice.below(block.bytes.size() - 2);
    if (dice.one_in(2)) {
      block.bytes.erase(at, 1);
    } else {
      block.bytes.insert(at, 1, "\"{}[]:x"[dice.below(7)]);
    }
  }
  block.touched = block.touched || block.bytes != before;
}

/// What means the same in other letters.
void change_case(Block& block, Dice& dice) {
  static constexpr std::pair<std::string_view, std::string_view> kCases[] = {
      {"\"stop\"", "\"STOP\""},
      {"\"end_turn\"", "\"END_TURN\""},
      {"[DONE]", "[done]"},
      {"data:", "Data:"},
      {"event:", "EVENT:"}};
  const auto& [from, to] = dice.pick(kCases);
  block.bytes = replaced(block.bytes, from, to);
}

std::string heartbeat(Dice& dice) {
  static constexpr std::string_view kAll[] = {": ping\n\n",
                                              ":\n\n",
                                              "data:\n\n",
                                              "event: ping\ndata: {\"type\":\"ping\"}\n\n",
                                              "event: ping\ndata: now\n\n",
                                              "\n\n\n",
                                              "retry: 3000\n\n",
                                              "x-trace: 17\n\n"};
  return std::string(dice.pick(kAll));
}

/// A stream on its way, and what was done to it.
struct Stream {
  Api api = Api::kChat;
  std::vector<Block> blocks;
  bool stays_open = false;  ///< heartbeats for ever, and no end of the input
};

void mutate(Stream& stream, Dice& dice) {
  auto& blocks = stream.blocks;
  const std::size_t at = dice.below(blocks.size());
  const auto place = blocks.begin() + static_cast<std::ptrdiff_t>(at);
  switch (dice.below(9)) {
    case 0:
      if (blocks.size() > 1) blocks.erase(place);
      break;
    case 1:
      blocks.insert(place, Block(*place));
      break;
    case 2:
      std::swap(blocks[at], dice.pick(blocks));
      break;
    case 3:
      touch(*place, dice);
      break;
    case 4:
      change_case(*place, dice);
      break;
    case 5:
      blocks.insert(place, {Kind::kOther, heartbeat(dice)});
      break;
    case 6:
      if (std::none_of(blocks.begin(), blocks.end(), [](const Block& block) {
            return block.kind == Kind::kError || block.kind == Kind::kPlainError;
          }))
        blocks.insert(place, error_block(dice));
      break;
    case 7:
      blocks.erase(place + 1, blocks.end());
      break;
    default:
      stream.stays_open = true;
  }
}

/// The bytes, with the newlines of one kind of server.
std::string bytes_of(const Stream& stream, Dice& dice) {
  std::string out;
  for (const Block& block : stream.blocks) out += block.bytes;
  switch (dice.below(6)) {
    case 0:
      return replaced(out, "\n", "\r\n");
    case 1:
      return replaced(out, "\n", "\r");
    case 2:
      return replaced(out, "\n\n", "\n") + "\n";
    case 3:
      return "\xEF\xBB\xBF" + out;
    default:
      return out;
  }
}

/// What came out.
struct Result {
  std::string text;
  std::string words;  ///< of the failure and the warnings
  int ends = 0;
  bool failed = false;
  bool after_end = false;  ///< something came after the end
  bool over = false;       ///< ended, or known to be whole, before the input was
};

Result decode(const Stream& stream, std::string_view bytes, Dice& dice) {
  const auto decoder = wire::make_decoder(stream.api);
  std::vector<wire::Event> events;
  decoder->head(200, {});
  while (!bytes.empty()) {
    const std::size_t size = std::min<std::size_t>(1 + dice.below(200), bytes.size());
    decoder->feed(bytes.substr(0, size), events);
    bytes.remove_prefix(size);
  }
  Result out;
  if (stream.stays_open) {
    for (int second = 0; second < 3; ++second) decoder->feed(": ping\n\n", events);
  }
  out.over = decoder->done() || decoder->finished();
  decoder->finish(events);
  for (const wire::Event& event : events) {
    out.after_end = out.after_end || out.ends > 0;
    if (const auto* text = std::get_if<wire::TextDelta>(&event)) out.text += text->text;
    if (const auto* warning = std::get_if<wire::Warning>(&event)) out.words += warning->message;
    if (std::holds_alternative<wire::End>(event)) ++out.ends;
    const auto* failure = std::get_if<wire::Failure>(&event);
    if (failure == nullptr) continue;
    ++out.ends;
    out.failed = true;
    out.words += failure->message;
  }
  return out;
}

/// What is wrong with the result; empty: nothing is.
std::string loss(const Stream& stream, const Result& result) {
  if (result.ends != 1) return fmt::format("{} ends", result.ends);
  if (result.after_end) return "something comes after the end";
  if (result.failed && result.words.empty()) return "a failure without words";
  std::size_t at = 0;
  bool finished = false;
  bool may_be_finished = false;
  for (const Block& block : stream.blocks) {
    if (block.kind == Kind::kError && !block.touched) {
      if (result.words.find(kWords) == std::string::npos) return "the words of an error";
      return finished || may_be_finished || result.failed || result.text.empty()
                 ? ""
                 : "an error is a success";
    }
    if (block.kind == Kind::kPlainError && !block.touched &&
        result.words.find(kWords) == std::string::npos)
      return "the words of a plain error";
    // What was touched may still be an error or an end.
    if (block.touched && (block.kind == Kind::kError || block.kind == Kind::kEnd)) return "";
    if (block.touched) {
      may_be_finished = may_be_finished || block.kind == Kind::kFinish;
      continue;
    }
    finished = finished || block.kind == Kind::kFinish;
    if (block.kind == Kind::kText) {
      const std::size_t found = result.text.find(block.text, at);
      if (found == std::string::npos) return "the text " + block.text;
      at = found + block.text.size();
    }
    if (block.kind == Kind::kEnd) return result.over || !stream.stays_open ? "" : "no end";
  }
  if (stream.stays_open && finished && !result.over) return "no end after the finish";
  return "";
}

bool play(std::uint64_t seed) {
  Dice dice(seed);
  Stream stream;
  stream.api = static_cast<Api>(dice.below(3));
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < 1 + dice.below(8); ++i) texts.push_back(fmt::format("t{}; ", i));
  stream.blocks = stream.api == Api::kChat        ? chat_stream(texts)
                  : stream.api == Api::kResponses ? responses_stream(texts)
                                                  : messages_stream(texts);
  for (std::size_t i = 0; i < 1 + dice.below(4); ++i) mutate(stream, dice);
  const std::string bytes = bytes_of(stream, dice);
  const Result result = decode(stream, bytes, dice);
  const std::string what = loss(stream, result);
  if (what.empty()) return true;
  fmt::print("lost: {} (seed {}, {}{})\n--- stream\n{}\n--- text: {}\n--- words: {}\n", what, seed,
             name_of(stream.api), stream.stays_open ? ", stays open" : "", bytes, result.text,
             result.words);
  return false;
}

int run(std::size_t count, std::uint64_t seed) {
  fmt::print("mutated streams: {}, from seed {}\n", count, seed);
  std::size_t losses = 0;
  for (std::size_t i = 0; i < count && losses < 10; ++i) losses += play(seed + i) ? 0 : 1;
  fmt::print("losses: {}\n", losses);
  return losses == 0 ? 0 : 1;
}

}  // namespace
}  // namespace chatvim::fuzz

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2000;
  const std::uint64_t seed =
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) : std::random_device{}();
  return chatvim::fuzz::run(count, seed);
}
