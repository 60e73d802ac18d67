// SPDX-License-Identifier: Apache-2.0
#include "chatvim/chat/chat.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "chatvim/chat/broken_block.hpp"
#include "chatvim/chat/configuration.hpp"
#include "chatvim/chat/context_file.hpp"
#include "chatvim/text/utf8.hpp"
#include "front_matter_check.hpp"

namespace chatvim::chat {

namespace {

/// More warnings about the form of calls help nobody.
constexpr std::size_t kMostBrokenBlocks = 100;

bool has_error(const std::vector<settings::Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const auto& diagnostic) {
    return diagnostic.severity == settings::Severity::kError;
  });
}

Error first_error(const std::vector<settings::Diagnostic>& diagnostics) {
  const auto found = std::find_if(
      diagnostics.begin(), diagnostics.end(),
      [](const auto& diagnostic) { return diagnostic.severity == settings::Severity::kError; });
  return {ErrorCode::kBadDocument, describe_place("", *found)};
}

/// Reports invalid settings of the editor or the command line, which have no line in the document.
Result<void> check_given(const GivenSettings& given) {
  for (const settings::Layer* layer : {&given.editor, &given.command_line}) {
    for (const auto& diagnostic : layer->diagnostics) {
      if (diagnostic.severity == settings::Severity::kError) {
        return tl::unexpected(Error{ErrorCode::kBadConfig, diagnostic.message});
      }
    }
  }
  return {};
}

/// Returns the place where the front matter sets a top-level key.
settings::Mark place_of_key(std::span<const std::string_view> front_matter, std::string_view key) {
  for (std::size_t i = 0; i < front_matter.size(); ++i) {
    if (front_matter[i].starts_with(key)) return {static_cast<int>(i) + 1, 1};
  }
  return {};
}

/// Returns all layers except the configuration's, weakest first.
std::vector<settings::Layer> layers_of(const settings::Layer& document, const GivenSettings& given,
                                       const Configuration& context) {
  std::vector<settings::Layer> layers{given.editor};
  layers.insert(layers.end(), context.layers.begin(), context.layers.end());
  layers.push_back(document);
  layers.push_back(given.command_line);
  return layers;
}

/// Returns the chosen presets. One on the command line overrides a document's.
PresetChoice preset_of(const settings::Layer& document, const GivenSettings& given,
                       const Configuration& context) {
  const auto preset = [](const std::vector<settings::Layer>& layers) {
    return settings::Settings(layers).string("preset");
  };
  if (auto typed = preset({given.command_line})) return {std::move(typed), std::nullopt};
  std::vector<settings::Layer> documents = context.layers;
  documents.push_back(document);
  return {preset({given.editor}), preset(documents)};
}

/// Reads the context file that applies to a chat, if the user has accepted it; sets `offered` if
/// the user has not decided yet.
Result<Configuration> context_of(const Origin& origin, const Environment& environment,
                                 std::optional<ContextFile>& offered) {
  auto file = find_context_file(origin, environment);
  if (!file) return tl::unexpected(file.error());
  if (file->decision == ContextFile::Decision::kUse) return read_context(file->path, file->text);
  if (file->decision == ContextFile::Decision::kAsk) offered = std::move(*file);
  return Configuration{};
}

void add(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void add(std::vector<document::Message>& to, std::vector<document::Message> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// Adds a warning for each line of an answer that begins like a call or a state but begins none.
void add_broken_blocks(std::vector<settings::Diagnostic>& diagnostics,
                       const std::vector<document::Message>& messages) {
  std::size_t left = kMostBrokenBlocks;
  for (const auto& message : messages) {
    for (const std::size_t line : message.broken_blocks) {
      if (left-- == 0) return;
      diagnostics.push_back({{static_cast<int>(line) + 1, 1},
                             settings::Severity::kWarning,
                             std::string(kBrokenBlock)});
    }
  }
}

}  // namespace

Part read_part(std::span<const std::string_view> lines, settings::Scope scope) {
  const auto front_matter = document::find_front_matter(lines);
  Part part;
  part.body_line = front_matter.body_line;
  const auto language = front_matter.kind == document::FrontMatterKind::kYaml
                            ? settings::Language::kYaml
                            : settings::Language::kToml;
  // The opening marker takes one line, so the text starts on line 2.
  part.layer = settings::read_layer(language, front_matter.text, 2, scope);
  if (front_matter.kind != document::FrontMatterKind::kNone) return part;
  if (auto missing = check_missing_front_matter(lines)) {
    part.layer.diagnostics.push_back(std::move(*missing));
  }
  return part;
}

document::Format format_of(const settings::Settings& settings) {
  document::Format format;
  const auto take = [&settings](std::string_view key, std::string& into) {
    if (auto value = settings.string(key)) into = std::move(*value);
  };
  take("userDelimiter", format.user_delimiter);
  take("assistantDelimiter", format.assistant_delimiter);
  take("systemDelimiter", format.system_delimiter);
  take("delimiterPrefix", format.delimiter_prefix);
  take("delimiterSuffix", format.delimiter_suffix);
  return format;
}

std::string describe_place(std::string_view file, const settings::Diagnostic& diagnostic) {
  const auto& at = diagnostic.at;
  if (!file.empty()) {
    if (at.line == 0) return fmt::format("{}: {}", file, diagnostic.message);
    return fmt::format("{}:{}:{}: {}", file, at.line, at.column, diagnostic.message);
  }
  if (at.line == 0) return diagnostic.message;
  return fmt::format("Line {}, column {}: {}", at.line, at.column, diagnostic.message);
}

ChatReading read_chat(std::span<const std::string_view> lines, const GivenSettings& given,
                      const Environment& environment, const Origin& origin) {
  ChatReading reading;
  Part part = read_part(lines, settings::Scope::kDocument);
  reading.document_layer = part.layer;
  reading.diagnostics = part.layer.diagnostics;
  if (has_error(reading.diagnostics)) {
    reading.chat = tl::unexpected(first_error(reading.diagnostics));
    return reading;
  }
  if (auto checked = check_given(given); !checked) {
    reading.chat = tl::unexpected(checked.error());
    return reading;
  }
  auto context = context_of(origin, environment, reading.offered);
  if (!context) {
    reading.chat = tl::unexpected(context.error());
    return reading;
  }
  const auto own_layers = layers_of(part.layer, given, *context);
  auto configuration = read_configuration(environment, preset_of(part.layer, given, *context));
  if (!configuration) {
    // If the document names a preset that does not exist, that is an error in its front matter.
    if (configuration.error().code == ErrorCode::kBadDocument) {
      reading.diagnostics.push_back({place_of_key(lines.first(part.body_line), "preset"),
                                     settings::Severity::kError, configuration.error().message});
    }
    reading.chat = tl::unexpected(configuration.error());
    return reading;
  }
  reading.warnings = std::move(configuration->warnings);
  add(reading.warnings, std::move(context->warnings));
  auto layers = std::move(configuration->layers);
  layers.insert(layers.end(), own_layers.begin(), own_layers.end());
  settings::Settings settings(layers);
  reading.diagnostics.insert(reading.diagnostics.end(), settings.diagnostics().begin(),
                             settings.diagnostics().end());
  if (has_error(reading.diagnostics)) {
    reading.chat = tl::unexpected(first_error(reading.diagnostics));
    return reading;
  }
  document::Format format = format_of(settings);
  auto own = document::read_messages(lines.subspan(part.body_line), format);
  for (auto& message : own) document::move_lines(message, part.body_line);
  add_broken_blocks(reading.diagnostics, own);
  const std::size_t own_messages = own.size();
  auto messages = std::move(configuration->messages);
  add(messages, std::move(context->messages));
  add(messages, std::move(own));
  document::Tail tail = document::read_tail(lines, format);
  reading.chat = Chat{std::move(settings), std::move(format), std::move(messages), own_messages,
                      std::move(tail),     Mode::kAnswer,     std::nullopt};
  return reading;
}

Result<void> check_answerable(const Chat& chat) {
  if (chat.own_messages == 0) {
    return tl::unexpected(
        Error{ErrorCode::kEmptyChat, "There is nothing to send: write a message first."});
  }
  switch (chat.messages.back().role) {
    case document::Role::kUser:
      return {};
    case document::Role::kAssistant:
      return tl::unexpected(Error{
          ErrorCode::kNothingToAnswer,
          fmt::format("The last word is the assistant's: write a message below the last \"{}\".",
                      chat.format.user_delimiter)});
    case document::Role::kSystem:
      break;
  }
  return tl::unexpected(Error{
      ErrorCode::kNothingToAnswer,
      fmt::format("The last message is a system message: write a message below a line \"{}\".",
                  chat.format.user_delimiter)});
}

Result<void> check_text(std::span<const std::string_view> lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].find('\0') != std::string_view::npos) {
      return tl::unexpected(Error{
          ErrorCode::kBinaryDocument,
          fmt::format("Line {} holds a NUL byte: this is a binary file, not a chat; nothing was "
                      "sent.",
                      i + 1)});
    }
    if (const auto invalid = text::find_invalid_utf8(lines[i])) {
      return tl::unexpected(Error{
          ErrorCode::kNotUtf8,
          fmt::format("Line {}, byte {} is not UTF-8: save the file as UTF-8 or remove it; nothing "
                      "was sent.",
                      i + 1, *invalid + 1)});
    }
  }
  return {};
}

}  // namespace chatvim::chat
