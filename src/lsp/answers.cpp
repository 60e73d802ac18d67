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
#include "features.hpp"

namespace chatvim::lsp {

namespace {

/// Longest text of a demand that is shown, in bytes.
constexpr std::size_t kMostShown = 1000;

Range range_of(const ChatDocument& document, const chat::Chat& chat) {
  if (!chat.place) return {document.text().end(), document.text().end()};
  return {{chat.place->row, chat.place->column}, {chat.place->end_row, chat.place->end_column}};
}

}  // namespace

/// An answer that the user wants, with what has been allowed for it so far.
struct Answers::Wanted {
  std::string uri;
  std::int64_t number;  ///< tells it from a later one in the same document
  chat::Mode mode;
  std::vector<std::string> allowed = {};
  std::vector<std::string> without_context = {};
};

Answers::Answers(Parts parts) : parts_(std::move(parts)) {}

Answers::~Answers() = default;

void Answers::start(ChatDocument& chat, chat::Mode mode) {
  const std::string& uri = chat.uri();
  const auto running = answers_.find(uri);
  if (running != answers_.end() && running->second->is_ending()) {
    after_stop_[uri] = mode;
    return;
  }
  if (running != answers_.end() || begun_.count(uri) > 0) {
    return parts_.client.show(Client::kWarning,
                              "Stop the answer that is being written here first.");
  }
  if (!parts_.client.traits().applies_edits) {
    return parts_.client.show(Client::kError,
                              "This editor does not apply edits that a server asks for "
                              "(workspace/applyEdit), so no answer can be written.");
  }
  begun_[uri] = ++last_number_;
  begin({uri, last_number_, mode});
}

/// Whether an answer is still wanted after the client has been asked something.
bool Answers::is_current(const Wanted& wanted) const {
  const auto found = begun_.find(wanted.uri);
  return found != begun_.end() && found->second == wanted.number;
}

void Answers::begin(const Wanted& wanted) {
  ChatDocument* document = parts_.documents.find(wanted.uri);
  if (document == nullptr || !is_current(wanted)) return;
  chat::Origin origin = parts_.documents.origin_of(*document);
  origin.keys = parts_.keys.known();
  origin.without_context = wanted.without_context;
  for (const auto& what : wanted.allowed) {
    chat::allow(origin, what, [](const std::string& path) { return path; });
  }
  const auto lines = document->views();
  auto reading =
      chat::read_chat(lines, {document->editor_settings(), {}}, parts_.environment, origin);
  if (reading.chat) parts_.tools.offer_to(*reading.chat, origin);
  auto plan = chat::plan_request(reading, lines, origin, wanted.mode, chat::Purpose::kSend,
                                 parts_.environment, &parts_.calibration);
  if (!plan) return ask(wanted, plan.error());
  run(wanted, std::move(*plan), std::move(*reading.chat), std::move(origin));
}

void Answers::run(const Wanted& wanted, chat::Plan plan, chat::Chat chat, chat::Origin origin) {
  begun_.erase(wanted.uri);
  ChatDocument& document = *parts_.documents.find(wanted.uri);
  const auto find = [this, uri = wanted.uri] { return parts_.documents.find(uri); };
  const auto positions = [this](const ChatDocument& one) {
    return Positions(one.text(), parts_.documents.encoding());
  };
  const auto on_ended = [this, uri = wanted.uri, path = document.path(),
                         model = plan.provider.name + "/" + plan.model,
                         raw = plan.raw_tokens](const completion::Outcome& outcome) {
    if (raw) parts_.calibration.learn(model, *raw, outcome.first_input.value_or(0));
    parts_.on_refused(path, outcome.refused);
    parts_.loop.post([this, uri] { end(uri); });
  };
  const Range range = range_of(document, chat);
  auto& answer = answers_[wanted.uri];
  answer = std::make_unique<Answer>(
      parts_.loop,
      Answer::Parts{{parts_.loop, parts_.client, wanted.uri, find, positions, {}},
                    parts_.http,
                    parts_.keys,
                    parts_.environment,
                    parts_.calibration,
                    parts_.tools,
                    fmt::format("chatvim-{}", wanted.number),
                    on_ended},
      std::move(plan), std::move(chat), std::move(origin), range);
  document.on_edit = [started = answer.get()](const Edit& edit) { started->note(edit); };
  answer->start();
}

/// Asks about what has to be allowed, and begins again; shows what cannot be.
void Answers::ask(Wanted wanted, const chat::Blocker& blocker) {
  const std::string& message = blocker.error.message;
  if (blocker.context) return ask_about_context(std::move(wanted), *blocker.context);
  if (!blocker.outside.empty()) return ask_about_outside(std::move(wanted), blocker);
  if (blocker.secrets.empty() && !blocker.demand) {
    begun_.erase(wanted.uri);
    const bool is_error = level_of(blocker.error.code) == Level::kError;
    return parts_.client.show(is_error ? Client::kError : Client::kWarning, message);
  }
  std::vector<std::string> marks;
  for (const auto& secret : blocker.secrets) marks.push_back("secret:" + secret.mark);
  std::string text = message;
  if (blocker.demand) {
    marks.push_back(chat::name_of(*blocker.demand));
    text += "\n" + text::harmless(blocker.demand->text.substr(0, kMostShown));
  }
  parts_.client.choose(Client::kWarning, text, {"Send it", "Cancel"},
                       [this, wanted, marks](const std::string& title) mutable {
                         if (title != "Send it") return abandon_wanted(wanted);
                         for (const auto& mark : marks) wanted.allowed.push_back(mark);
                         begin(wanted);
                       });
}

void Answers::ask_about_outside(Wanted wanted, const chat::Blocker& blocker) {
  const embed::Outside& outside = blocker.outside.front();
  const std::string path = outside.path;
  const std::string folder = glob::folder_of(path);
  const std::string always = "Allow it always";
  const std::string always_folder = "Allow its folder always";
  std::vector<std::string> titles = {"Send it this time", always};
  if (outside.reason != embed::Outside::Reason::kCredentials &&
      may_allow_folder(folder, parts_.environment)) {
    titles.push_back(always_folder);
  }
  titles.emplace_back("Cancel");
  parts_.client.choose(
      Client::kWarning, blocker.error.message, titles,
      [this, wanted, path, folder, always, always_folder](const std::string& title) mutable {
        if (title.empty() || title == "Cancel") return abandon_wanted(wanted);
        wanted.allowed.push_back(path);
        if (title == always || title == always_folder) {
          const auto kept = store::Trust::remember_embed(parts_.environment,
                                                         title == always ? path : folder, true);
          if (!kept) parts_.client.show(Client::kError, kept.error().message);
        }
        begin(wanted);
      });
}

/// Forgets an answer that the user does not want any more.
void Answers::abandon_wanted(const Wanted& wanted) {
  if (is_current(wanted)) begun_.erase(wanted.uri);
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
  begun_.erase(uri);
  after_stop_.erase(uri);
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
  begun_.erase(uri);
  after_stop_.erase(uri);
  if (const auto found = answers_.find(uri); found != answers_.end()) found->second->abandon();
  end(uri);
}

/// Removes an answer that has ended, and starts what the user has asked for since it was stopped.
void Answers::end(const std::string& uri) {
  ChatDocument* document = parts_.documents.find(uri);
  if (document != nullptr) document->on_edit = nullptr;
  answers_.erase(uri);
  const auto next = after_stop_.find(uri);
  if (next == after_stop_.end()) return;
  const chat::Mode mode = next->second;
  after_stop_.erase(next);
  if (document != nullptr) start(*document, mode);
}

}  // namespace chatvim::lsp
