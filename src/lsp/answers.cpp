// SPDX-License-Identifier: Apache-2.0
#include "answers.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "answer.hpp"
#include "chatvim/chat/embeds.hpp"
#include "chatvim/glob/path.hpp"
#include "chatvim/store/trust.hpp"
#include "chatvim/text/utf8.hpp"

namespace chatvim::lsp {

namespace {

/// Longest text of a demand that is shown, in bytes.
constexpr std::size_t kMostShown = 1000;

Range range_of(const ChatDocument& document, const chat::Chat& chat) {
  if (!chat.place) return {document.text().end(), document.text().end()};
  return {{chat.place->row, chat.place->column}, {chat.place->end_row, chat.place->end_column}};
}

}  // namespace

/// An answer that is to be begun, with what the user has allowed for it so far.
struct Answers::Wanted {
  std::string uri;
  chat::Mode mode;
  Json token;
  std::vector<std::string> allowed;
  std::vector<std::string> without_context;
};

Answers::Answers(Parts parts) : parts_(std::move(parts)) {}

Answers::~Answers() = default;

void Answers::start(ChatDocument& chat, chat::Mode mode, const Json& progress_token) {
  if (answers_.count(chat.uri()) > 0) {
    return parts_.client.show(Client::kWarning, "An answer is being written here: stop it first.");
  }
  if (!parts_.client.traits().applies_edits) {
    return parts_.client.show(Client::kError,
                              "This editor does not apply edits that a server asks for "
                              "(workspace/applyEdit), so no answer can be written.");
  }
  Wanted wanted{chat.uri(), mode, progress_token, {}, {}};
  if (!progress_token.is_null() || !parts_.client.traits().reports_progress) return begin(wanted);
  wanted.token = fmt::format("chatvim-{}", ++last_token_);
  const Json params = {{"token", wanted.token}};
  parts_.client.request("window/workDoneProgress/create", params,
                        [this, wanted](const Json&, const Json& problem) mutable {
                          if (!problem.is_null()) wanted.token = nullptr;
                          begin(wanted);
                        });
}

void Answers::begin(const Wanted& wanted) {
  ChatDocument* document = parts_.documents.find(wanted.uri);
  if (document == nullptr || answers_.count(wanted.uri) > 0) return;
  chat::Origin origin = document->origin();
  origin.keys = parts_.keys.known();
  origin.without_context = wanted.without_context;
  for (const auto& what : wanted.allowed) {
    chat::allow(origin, what, [](const std::string& path) { return path; });
  }
  for (const auto& [uri, other] : parts_.documents.all()) {
    if (other.get() == document || !other->is_changed() || other->path().empty()) continue;
    origin.unsaved.insert(other->path());
    origin.buffers[other->path()] = other->text().whole();
  }
  const auto lines = document->views();
  auto reading =
      chat::read_chat(lines, {document->editor_settings(), {}}, parts_.environment, origin);
  auto plan = chat::plan_request(reading, lines, origin, wanted.mode, chat::Purpose::kSend,
                                 parts_.environment, &parts_.calibration);
  if (!plan) return ask(wanted, plan.error());
  const auto find = [this, uri = wanted.uri] { return parts_.documents.find(uri); };
  const auto positions = [this](const ChatDocument& chat) {
    return Positions(chat.text(), parts_.documents.encoding());
  };
  const std::string model = plan->provider.name + "/" + plan->model;
  const auto on_ended = [this, uri = wanted.uri, path = document->path(), model,
                         raw = plan->raw_tokens](const completion::Outcome& outcome) {
    if (raw) parts_.calibration.learn(model, *raw, outcome.usage.input.value_or(0));
    parts_.on_refused(path, outcome.refused);
    parts_.loop.post([this, uri] { abandon(uri); });
  };
  auto& answer = answers_[wanted.uri];
  answer = std::make_unique<Answer>(
      parts_.loop,
      Answer::Parts{{parts_.loop, parts_.client, wanted.uri, find, positions, {}},
                    parts_.http,
                    parts_.keys,
                    wanted.token,
                    on_ended},
      std::move(*plan), *reading.chat, range_of(*document, *reading.chat));
  document->on_edit = [started = answer.get()](const Edit& edit) { started->note(edit); };
  answer->start();
}

/// Asks about what has to be allowed, and begins again; shows what cannot be.
void Answers::ask(Wanted wanted, const chat::Blocker& blocker) {
  const std::string& message = blocker.error.message;
  if (blocker.context) return ask_about_context(std::move(wanted), *blocker.context);
  if (!blocker.outside.empty()) {
    const std::string path = blocker.outside.front().path;
    const std::string folder = glob::folder_of(path);
    const std::string always = "Allow it always";
    const std::string always_folder = "Allow its folder always";
    return parts_.client.choose(
        Client::kWarning, message, {"Send it this time", always, always_folder, "Cancel"},
        [this, wanted, path, folder, always, always_folder](const std::string& title) mutable {
          if (title.empty() || title == "Cancel") return;
          wanted.allowed.push_back(path);
          if (title == always || title == always_folder) {
            const auto kept = store::Trust::remember_embed(parts_.environment,
                                                           title == always ? path : folder, true);
            if (!kept) return parts_.client.show(Client::kError, kept.error().message);
          }
          begin(wanted);
        });
  }
  if (!blocker.secrets.empty() || blocker.demand) {
    std::vector<std::string> marks;
    for (const auto& secret : blocker.secrets) marks.push_back("secret:" + secret.mark);
    std::string text = message;
    if (blocker.demand) {
      marks.push_back(chat::name_of(*blocker.demand));
      text += "\n" + text::harmless(blocker.demand->text.substr(0, kMostShown));
    }
    return parts_.client.choose(Client::kWarning, text, {"Send it", "Cancel"},
                                [this, wanted, marks](const std::string& title) mutable {
                                  if (title != "Send it") return;
                                  for (const auto& mark : marks) wanted.allowed.push_back(mark);
                                  begin(wanted);
                                });
  }
  parts_.client.show(
      level_of(blocker.error.code) == Level::kError ? Client::kError : Client::kWarning, message);
}

void Answers::ask_about_context(Wanted wanted, const chat::ContextFile& context) {
  const bool can_show = parts_.client.traits().shows_documents;
  std::vector<std::string> titles = {"Use it", "Not this time", "Never use it"};
  if (can_show) titles.emplace_back("Show it");
  parts_.client.choose(Client::kWarning, chat::offered_context(context).error.message, titles,
                       [this, wanted, context](const std::string& title) mutable {
                         if (title.empty()) return;
                         if (title == "Show it") {
                           parts_.client.request("window/showDocument",
                                                 {{"uri", uri_of_path(context.path)}}, nullptr);
                           return ask_about_context(std::move(wanted), context);
                         }
                         if (title == "Not this time") {
                           wanted.without_context.push_back(context.path);
                         } else {
                           const auto kept = store::Trust::remember_context(
                               parts_.environment, context.path,
                               title == "Use it" ? std::optional(context.text) : std::nullopt);
                           if (!kept)
                             return parts_.client.show(Client::kError, kept.error().message);
                         }
                         begin(wanted);
                       });
}

void Answers::stop(const std::string& uri) {
  if (const auto found = answers_.find(uri); found != answers_.end()) found->second->stop();
}

void Answers::stop_progress(const Json& token) {
  for (const auto& [uri, answer] : answers_) {
    if (answer->progress_token() == token) return answer->stop();
  }
}

void Answers::stop_all() {
  for (const auto& [uri, answer] : answers_) answer->stop();
}

void Answers::resume(const std::string& uri) {
  if (const auto found = answers_.find(uri); found != answers_.end()) found->second->resume();
}

void Answers::abandon(const std::string& uri) {
  if (ChatDocument* document = parts_.documents.find(uri)) document->on_edit = nullptr;
  answers_.erase(uri);
}

}  // namespace chatvim::lsp
