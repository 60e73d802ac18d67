// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::fuzz {

/// A part of the program that takes bytes of others, fed with any bytes. `run` returns where all
/// that must hold does; else `expect` ends the process, as a sanitizer would.
struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
};

/// All of them; the corpus of each is the folder of its name.
std::span<const Target> targets();
/// The target of that name; nullptr: there is none.
const Target* find_target(std::string_view name);

/// Ends the process with the sentence unless the property holds.
void expect(bool holds, std::string_view sentence);

/// The bytes in pieces, cut at places that only the bytes decide, so that an input is a file that
/// people can read.
std::vector<std::string> cut(std::string_view bytes);
/// Each byte a piece.
std::vector<std::string> single_bytes(std::string_view bytes);

/// Takes what stands before the next line "-----" from the input, which then begins behind it.
std::string_view take_part(std::string_view& input);

void document_read(std::string_view input);
void document_write(std::string_view input);
void document_restore(std::string_view input);
void settings(std::string_view input);
void sse(std::string_view input);
void decoder_chat(std::string_view input);
void decoder_responses(std::string_view input);
void decoder_messages(std::string_view input);
void rpc(std::string_view input);
void journal(std::string_view input);
void text_utf8(std::string_view input);
void text_redact(std::string_view input);
void embed_paths(std::string_view input);
void embed_files(std::string_view input);

}  // namespace chatvim::fuzz
