// SPDX-License-Identifier: Apache-2.0
#include "answer_schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "chatvim/embed/browser.hpp"
#include "chatvim/embed/locate.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::chat {

namespace {

/// More than a schema may have, so that one that is too large is reported as such.
constexpr std::uint64_t kMostSchemaBytes = 1U << 20U;
constexpr std::size_t kMostSchemaPath = 200;

tl::unexpected<Blocker> refused(ErrorCode code, const std::string& file, std::string_view clause) {
  return tl::unexpected(
      Blocker{{code, fmt::format("Correct schema: {} {}; nothing was sent.",
                                 text::printable_name(file, kMostSchemaPath), clause)}});
}

/// Whether the user, and not only a document, names this file.
bool is_own(const settings::Settings& settings, const std::string& file) {
  const auto& own = settings.own_strings("schema");
  return std::find(own.begin(), own.end(), file) != own.end();
}

/// Returns the path of the file, resolved.
tl::expected<std::string, Blocker> find_schema(const std::string& file,
                                               const embed::Context& context, bool is_own) {
  const auto found = embed::locate(file, context);
  if (!found) {
    return refused(ErrorCode::kUnreadableFile, file,
                   fmt::format("cannot be read: {}", found.error().message));
  }
  if (found->path.empty() || found->is_folder || found->first_line != 0) {
    return refused(ErrorCode::kBadDocument, file, "is not the path of a file");
  }
  if (!found->outside || is_own) return found->path;
  embed::Outside outside{found->path, file, "", 0, *found->outside};
  Blocker blocker{{ErrorCode::kOutside,
                   fmt::format("schema: {} {} and has to be allowed; nothing was sent.",
                               text::printable_name(file, kMostSchemaPath), reason_of(outside))}};
  blocker.outside.push_back(std::move(outside));
  return tl::unexpected(std::move(blocker));
}

/// Returns the text of the file, or of its buffer in the editor.
tl::expected<std::string, Blocker> read_text(const std::string& file, const std::string& path,
                                             const embed::Browser& browser, bool allows_secrets) {
  auto text = browser.read(path, 0, kMostSchemaBytes);
  if (!text && text.error().code == ErrorCode::kUnsaved) {
    Blocker blocker{{ErrorCode::kUnsaved, "The text of unsaved files is needed."}};
    blocker.unsaved.push_back(text.error().message);
    return tl::unexpected(std::move(blocker));
  }
  if (!text) {
    return refused(ErrorCode::kUnreadableFile, file,
                   fmt::format("cannot be read: {}", text.error().message));
  }
  auto secrets = browser.secrets(path, file, *text, 1);
  if (secrets.empty() || allows_secrets) return std::move(*text);
  Blocker blocker{{ErrorCode::kSecret,
                   fmt::format("schema: line {} of {} holds what looks like {}; nothing was sent.",
                               secrets.front().file_line,
                               text::printable_name(file, kMostSchemaPath), secrets.front().what)}};
  blocker.secrets = std::move(secrets);
  return tl::unexpected(std::move(blocker));
}

}  // namespace

tl::expected<void, Blocker> read_answer_schema(Chat& chat, const Origin& origin,
                                               const Environment& environment) {
  chat.schema.reset();
  const auto file = chat.settings.string("schema");
  if (!file) return {};
  const auto context = embed_context(chat, origin, environment);
  const auto path = find_schema(*file, context, is_own(chat.settings, *file));
  if (!path) return tl::unexpected(path.error());
  const embed::Browser browser(context);
  const auto text = read_text(*file, *path, browser, origin.allows_secrets);
  if (!text) return tl::unexpected(text.error());
  auto schema = schema::read_schema(*text, *file);
  if (!schema) return refused(ErrorCode::kBadDocument, *file, schema.error().message);
  chat.schema = std::move(*schema);
  return {};
}

}  // namespace chatvim::chat
