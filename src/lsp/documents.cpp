// SPDX-License-Identifier: Apache-2.0
#include "documents.hpp"

#include <nlohmann/json.hpp>

namespace chatvim::lsp {

namespace {

std::int64_t version_of(const Json& version, std::int64_t otherwise) {
  return version.is_number_integer() ? version.get<std::int64_t>() : otherwise;
}

}  // namespace

void Documents::set_folder(std::string folder) {
  folder_ = std::move(folder);
  for (const auto& [uri, chat] : all_) chat->set_folder(folder_);
}

std::string Documents::set_settings(const Json& settings) {
  editor_ = settings::check_layer(settings, settings::Scope::kConfiguration, "settings");
  for (const auto& [uri, chat] : all_) chat->set_editor_settings(editor_);
  return editor_.diagnostics.empty() ? "" : editor_.diagnostics.front().message;
}

chat::Origin Documents::origin_of(const ChatDocument& chat) const {
  chat::Origin origin = chat.origin();
  for (const auto& [uri, other] : all_) {
    if (other.get() == &chat || !other->is_changed() || other->path().empty()) continue;
    origin.unsaved.insert(other->path());
    origin.buffers[other->path()] = other->text().whole();
  }
  return origin;
}

void Documents::open(const std::string& uri, const Json& version, const std::string& text) {
  last_ = uri;
  all_[uri] = std::make_unique<ChatDocument>(
      uri, version_of(version, 0), text,
      ChatDocument::Surroundings{environment_, folder_, editor_, opens_chats_});
}

void Documents::change(const std::string& uri, const Json& version, const Json& changes) {
  ChatDocument* document = find(uri);
  if (document == nullptr || !changes.is_array()) return;
  last_ = uri;
  const auto number = version_of(version, document->version() + 1);
  for (const Json& change : changes) {
    const auto text = change.is_object() ? change.find("text") : change.end();
    if (!change.is_object() || text == change.end() || !text->is_string()) continue;
    const std::string& with = text->get_ref<const std::string&>();
    const auto range = change.find("range");
    if (range == change.end() || !range->is_object()) {
      document->replace_all(with, number);
    } else {
      document->replace(Positions(document->text(), encoding_).read_range(*range), with, number);
    }
  }
}

ChatDocument* Documents::find(const std::string& uri) {
  const auto found = all_.find(uri);
  return found == all_.end() ? nullptr : found->second.get();
}

ChatDocument* Documents::last_chat() {
  ChatDocument* last = find(last_);
  if (last != nullptr && last->is_chat()) return last;
  for (const auto& [uri, chat] : all_) {
    if (chat->is_chat()) return chat.get();
  }
  return nullptr;
}

void Documents::forget_settings() {
  for (const auto& [uri, chat] : all_) chat->forget_settings();
}

}  // namespace chatvim::lsp
