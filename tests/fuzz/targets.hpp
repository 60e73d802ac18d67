// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chatvim::fuzz {

/// A part of the program that reads untrusted bytes, fed with arbitrary bytes. `run` returns if all
/// properties hold; otherwise `expect` aborts the process, as a sanitizer would.
struct Target {
  std::string_view name;
  void (*run)(std::string_view input);
};

/// Returns all targets; the corpus of each is the folder with its name.
std::span<const Target> targets();
/// Returns the target with that name, or nullptr.
const Target* find_target(std::string_view name);

/// Prints the sentence and aborts the process unless the property holds.
void expect(bool holds, std::string_view sentence);

/// Cuts the bytes at places that depend only on the bytes, so that an input is a readable file.
std::vector<std::string> cut(std::string_view bytes);
/// Returns each byte as a piece.
std::vector<std::string> single_bytes(std::string_view bytes);

/// Removes and returns the part of the input before the next line "-----"; the rest starts after
/// that line.
std::string_view take_part(std::string_view& input);

void document_read(std::string_view input);
void document_write(std::string_view input);
void document_restore(std::string_view input);
void steps(std::string_view input);
void patch(std::string_view input);
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
void mcp(std::string_view input);
void markdown_color(std::string_view input);
void markdown_format(std::string_view input);
void terminal_keys(std::string_view input);

}  // namespace chatvim::fuzz
