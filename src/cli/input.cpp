// SPDX-License-Identifier: Apache-2.0
#include "input.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "attach.hpp"
#include "chatvim/chat/configuration.hpp"
#include "chatvim/chat/embeds.hpp"
#include "chatvim/chat/mode.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/files/read_file.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/schema/schema.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/shell.hpp"
#include "chatvim/text/utf8.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

/// Limit of a path in a message, in bytes.
constexpr std::size_t kMostShown = 500;

void print_warnings(const chat::ChatReading& reading, const std::string& file) {
  for (const auto& warning : reading.warnings) say(warning);
  for (const auto& diagnostic : reading.diagnostics) {
    if (diagnostic.severity != settings::Severity::kWarning) continue;
    say(chat::describe_place(file, diagnostic));
  }
}

/// Returns the options that allow the secrets, one by one if there are few.
std::string advice_for(const std::vector<embed::Secret>& secrets) {
  constexpr std::size_t kMostNamed = 3;
  std::string words;
  if (secrets.size() <= kMostNamed) {
    for (const auto& secret : secrets) words += fmt::format(" --allow secret:{}", secret.mark);
    words += secrets.size() == 1 ? " sends it;" : " sends them;";
  }
  return words + " --allow-secrets sends whatever looks like a key.";
}

/// Returns the narrowest option that allows the request, to append to the error because the user
/// cannot be asked.
std::string advice_for(const chat::Blocker& blocker) {
  if (blocker.error.code == ErrorCode::kSecret) return advice_for(blocker.secrets);
  if (blocker.demand) return fmt::format(" --allow {} sends it.", name_of(*blocker.demand));
  if (blocker.error.code != ErrorCode::kOutside) return "";
  return fmt::format(" --allow {} sends it.", for_shell(blocker.outside.front().path));
}

Result<void> embed_files(chat::Chat& chat, const Options& options, const std::string& file) {
  const auto embedded = chat::embed_files(chat, origin_of(options, file), options.environment);
  if (embedded) return {};
  const auto& error = embedded.error().error;
  return tl::unexpected(
      with_file({error.code, error.message + advice_for(embedded.error())}, file));
}

/// Adds a system message after the configuration's messages.
Result<void> add_system(chat::Chat& chat, const std::string& text) {
  if (text::is_blank(text)) return {};
  if (auto checked = check_prompt(text); !checked) return checked;
  document::Message message;
  message.role = document::Role::kSystem;
  message.content = text;
  const auto own = static_cast<std::ptrdiff_t>(chat.own_messages);
  chat.messages.insert(chat.messages.end() - own, std::move(message));
  return {};
}

/// Names what a check of the answer passes over.
void say_unchecked(const schema::Schema& schema) {
  const auto names = schema::unchecked_keywords(*schema.value);
  if (names.empty()) return;
  say(fmt::format("The answer is not checked against {} of {}.", fmt::join(names, ", "),
                  text::printable_name(schema.file, kMostShown)));
}

Result<std::string> read_all_input() {
  constexpr std::size_t kMostBytes = 512ULL * 1024 * 1024;
  const auto refuse = [](const std::string& why) {
    return tl::unexpected(Error{ErrorCode::kUnreadableFile,
                                fmt::format("Standard input {}; nothing was sent.", why)});
  };
  std::string bytes;
  char buffer[65536];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, stdin)) {
    bytes.append(buffer, count);
    if (bytes.size() > kMostBytes) return refuse("is larger than 512 MiB");
  }
  if (std::ferror(stdin) != 0)
    return refuse(fmt::format("cannot be read: {}", std::strerror(errno)));
  return bytes;
}

/// Reads text piped in together with a prompt; empty at a terminal.
Result<std::string> read_attached_text() {
  if (loop::is_terminal(loop::standard_input())) return std::string();
  auto bytes = read_all_input();
  if (!bytes || text::is_blank(*bytes)) return bytes;
  const auto lines = text::split_file(*bytes);
  if (auto checked = chat::check_text(lines); !checked) {
    return tl::unexpected(with_file(checked.error(), "standard input"));
  }
  return bytes;
}

/// Checks that the user has allowed what the document requests beyond its rights. A dry run only
/// prints a message.
Result<void> check_demands(const chat::Chat& chat, const Options& options,
                           const std::string& file) {
  const auto origin = origin_of(options, file);
  const auto demand = chat::find_demand(chat, origin, options.environment);
  if (!demand) {
    if (!options.dry_run) chat::remember_use(chat, origin, options.environment);
    return {};
  }
  const Error error =
      with_file({demand->error.code, demand->error.message + advice_for(*demand)}, file);
  if (!options.dry_run) return tl::unexpected(error);
  say(error.message);
  return {};
}

}  // namespace

chat::Origin origin_of(const Options& options, const std::string& file) {
  std::error_code ignored;
  chat::Origin origin;
  origin.folder = std::filesystem::current_path(ignored).string();
  if (!file.empty()) origin.file = std::filesystem::absolute(file, ignored).string();
  for (const auto& what : options.allowed) {
    chat::allow(origin, what, [&ignored](const std::string& path) {
      return std::filesystem::absolute(path, ignored).string();
    });
  }
  for (const auto& attached : options.attached) {
    origin.allowed.push_back(std::filesystem::absolute(attached, ignored).string());
  }
  origin.allows_secrets = options.allows_secrets;
  return origin;
}

std::string shown(const std::string& word) { return text::printable_name(word, kMostShown); }

std::string for_shell(const std::string& word) { return text::shell_word(shown(word)); }

Error with_file(const Error& error, const std::string& file) {
  if (file.empty()) return error;
  return {error.code, file + ": " + error.message};
}

Error without_sending(Error error) {
  constexpr std::string_view kWords = "; nothing was sent";
  const std::size_t at = error.message.find(kWords);
  if (at != std::string::npos) error.message.erase(at, kWords.size());
  return error;
}

Result<void> check_prompt(const std::string& prompt) {
  if (text::is_blank(prompt)) {
    return tl::unexpected(Error{ErrorCode::kEmptyChat, "The prompt is empty: write a question."});
  }
  if (const auto invalid = text::find_invalid_utf8(prompt)) {
    return tl::unexpected(Error{ErrorCode::kNotUtf8,
                                fmt::format("Byte {} of the prompt is not UTF-8.", *invalid + 1)});
  }
  return {};
}

Result<Prompt> read_prompt(const Options& options, const std::string& folder) {
  if (auto checked = check_prompt(options.prompt); !checked) {
    return tl::unexpected(checked.error());
  }
  auto words = attach_files(options.prompt, options.attached, folder);
  if (!words) return tl::unexpected(words.error());
  if (const std::string link = find_inline_link(options.prompt); !link.empty()) {
    say(
        fmt::format("{} is sent as text, because it does not stand on a line of its own; --attach "
                    "FILE sends a file.",
                    shown(link)));
  }
  auto piped = read_attached_text();
  if (!piped) return tl::unexpected(piped.error());
  if (text::is_blank(*piped)) return Prompt{std::move(*words)};
  return Prompt{*words + "\n\n" + *piped, piped->size()};
}

Result<void> check_attached(const Options& options) {
  if (options.attached.empty() || options.has_prompt) return {};
  return tl::unexpected(
      Error{ErrorCode::kBadArguments,
            "Give a PROMPT with --attach: the file is sent with it. In a chat, ![](FILE) on a line "
            "of its own sends a file."});
}

Result<std::string> read_standard_input() {
  if (loop::is_terminal(loop::standard_input())) {
    return tl::unexpected(
        Error{ErrorCode::kBadArguments,
              "Give a PROMPT, --file FILE, or a chat on standard input (see --help)."});
  }
  return read_all_input();
}

Result<void> read_input(const Options& options, Input& input) {
  if (auto usable = check_attached(options); !usable) return usable;
  if (options.has_prompt && !options.file.empty()) {
    return tl::unexpected(
        Error{ErrorCode::kBadArguments,
              "Give a PROMPT or --file CHAT, not both: chatvim log adds a prompt to a chat, and "
              "--attach FILE sends a file with a prompt."});
  }
  if (options.has_prompt) {
    std::error_code ignored;
    auto prompt = read_prompt(options, std::filesystem::current_path(ignored).string());
    if (!prompt) return tl::unexpected(prompt.error());
    input.prompt = std::move(*prompt);
    return {};
  }
  auto bytes = options.file.empty() ? read_standard_input() : files::read_file(options.file);
  if (!bytes) return tl::unexpected(bytes.error());
  input.bytes = std::move(*bytes);
  input.file = options.file;
  input.lines = text::split_file(input.bytes);
  return {};
}

settings::Layer command_line_layer(const Options& options) {
  auto words = options.assignments;
  if (options.has_model) words.push_back("model=" + options.model);
  if (!options.schema.empty()) {
    // Relative to the working folder, unlike in a document.
    std::error_code ignored;
    const std::string path = std::filesystem::absolute(options.schema, ignored).string();
    words.push_back("schema=" + Json(path).dump(-1, ' ', false, Json::error_handler_t::replace));
  }
  return settings::read_assignments(words);
}

Result<std::string> read_model(const Options& options, const Input& input) {
  if (auto checked = chat::check_text(input.lines); !checked) {
    return tl::unexpected(with_file(checked.error(), input.file));
  }
  const auto reading = chat::read_chat(input.lines, {{}, command_line_layer(options)},
                                       options.environment, origin_of(options, input.file));
  if (reading.chat) return chat::choose_model(reading.chat->settings, options.environment);
  const bool in_document = reading.chat.error().code == ErrorCode::kBadDocument;
  return tl::unexpected(in_document ? with_file(reading.chat.error(), input.file)
                                    : reading.chat.error());
}

Result<chat::Chat> read_chat(const Options& options, const Input& input) {
  if (auto checked = chat::check_text(input.lines); !checked) {
    return tl::unexpected(with_file(checked.error(), input.file));
  }
  auto reading = chat::read_chat(input.lines, {{}, command_line_layer(options)},
                                 options.environment, origin_of(options, input.file));
  print_warnings(reading, input.file);
  if (reading.offered) {
    say(fmt::format("{} is not used; --allow {} uses it.",
                    text::printable_name(reading.offered->path, kMostShown),
                    for_shell(reading.offered->path)));
  }
  if (!reading.chat) {
    const bool in_document = reading.chat.error().code == ErrorCode::kBadDocument;
    return tl::unexpected(in_document ? with_file(reading.chat.error(), input.file)
                                      : reading.chat.error());
  }
  if (input.prompt) {
    auto& message = reading.chat->messages.emplace_back();
    message.content = input.prompt->text;
    message.line = input.lines.size();
    message.literal_bytes = input.prompt->attached;
    ++reading.chat->own_messages;
  }
  if (options.system) {
    if (auto added = add_system(*reading.chat, *options.system); !added) {
      return tl::unexpected(added.error());
    }
  }
  const auto mode = options.continues ? chat::Mode::kContinue
                    : options.retries ? chat::Mode::kRetry
                                      : chat::Mode::kAnswer;
  if (auto prepared = chat::prepare(*reading.chat, input.lines, mode); !prepared) {
    return tl::unexpected(with_file(prepared.error(), input.file));
  }
  if (auto allowed = check_demands(*reading.chat, options, input.file); !allowed) {
    return tl::unexpected(allowed.error());
  }
  if (auto embedded = embed_files(*reading.chat, options, input.file); !embedded) {
    return tl::unexpected(embedded.error());
  }
  if (reading.chat->schema) say_unchecked(*reading.chat->schema);
  return std::move(reading.chat);
}

}  // namespace chatvim::cli
