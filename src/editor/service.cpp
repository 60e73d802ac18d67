// SPDX-License-Identifier: Apache-2.0
#include "chatvim/editor/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/mode.hpp"
#include "chatvim/chat/model_choice.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/chat/size.hpp"
#include "chatvim/editor/describe.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/store/journal.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/store/trust.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/wire/encoder.hpp"
#include "describe_embeds.hpp"
#include "editor_answer.hpp"
#include "recovery.hpp"
#include "service_fields.hpp"

namespace chatvim::editor {

namespace {

/// The one way into Lua: a fixed chunk, with the notification as its arguments.
constexpr const char* kReceive = "require('chatvim.program.process').receive(...)";

constexpr std::size_t kMostText = 512UL * 1024 * 1024;

Json describe(const Error& error) {
  return {{"code", name_of(error.code)},
          {"level", name_of(level_of(error.code))},
          {"message", error.message}};
}

/// The id of the chat's last answer that is not saved yet; 0 if there is none.
std::int64_t unsaved_of(const Json& map) {
  const auto found = map.find("unsaved_answer");
  return found != map.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// Makes a chat ready to be answered in a mode, or says why it is not.
Result<void> prepare_sent(chat::ChatReading& reading, std::span<const std::string_view> lines,
                          chat::Mode mode) {
  if (auto checked = chat::check_text(lines); !checked) return tl::unexpected(checked.error());
  if (!reading.chat) return tl::unexpected(reading.chat.error());
  return chat::prepare(*reading.chat, lines, mode);
}

/// Where an answer goes, in the words of the protocol.
Json describe(std::int64_t id, const document::Place& place) {
  return {{"id", id},
          {"row", place.row},
          {"column", place.column},
          {"end_row", place.end_row},
          {"end_column", place.end_column},
          {"delimiter_below", place.delimiter_below}};
}

}  // namespace

Service::Service(Parts parts)
    : parts_(std::move(parts)),
      keys_(parts_.loop, parts_.environment),
      calibration_(store::calibration_file(store::state_folder(parts_.environment))),
      idle_(parts_.loop, [] { loop::give_back_memory(); }),
      chat_list_(parts_.loop, {[this](std::int64_t id, Json chats) {
                                 tell("chats", {{"id", id}, {"chats", std::move(chats)}});
                               },
                               [this](std::int64_t id, const Result<Json>& end) {
                                 tell_result(id, end);
                                 used();
                               },
                               parts_.log}) {
  used();
  bind("hello", &Service::hello);
  bind("part", &Service::part);
  bind("warm", &Service::warm);
  bind("open", &Service::open);
  bind("complete", &Service::complete);
  bind("stop", &Service::stop);
  bind("acknowledge", &Service::acknowledge);
  bind("cancel", &Service::cancel);
  bind("move_journal", &Service::move_journal);
  bind("request", &Service::request);
  bind("messages", &Service::messages);
  bind("format", &Service::format);
  bind("models", &Service::models);
  bind("set_model", &Service::set_model);
  bind("chats", &Service::chats);
  bind("recoverable", &Service::recoverable);
  bind("recover", &Service::recover);
  bind("discard", &Service::discard);
  bind("release", &Service::release);
  bind("undone", &Service::undone);
  bind("embeds", &Service::embeds);
  bind("trust", &Service::trust);
  // For tests and scripts: the answer comes when everything sent before has been dealt with.
  parts_.channel.on_request("sync", [](const Json&) -> Result<Json> { return Json(true); });
}

Service::~Service() = default;

void Service::bind(const std::string& method, void (Service::*handler)(const Json& map)) {
  parts_.channel.on_notification(method, [this, method, handler](Json arguments) {
    if (arguments.size() != 1 || !arguments[0].is_object()) {
      return tell_failed(
          {ErrorCode::kBadMessage, fmt::format("The notification {} takes one map.", method)});
    }
    if (!compatible_ && method != "hello") return;
    if (method != "part" && !join_text(arguments[0])) {
      return tell_failed({ErrorCode::kBadMessage, "The text of a chat is larger than 512 MiB."});
    }
    (this->*handler)(arguments[0]);
    used();
  });
}

void Service::hello(const Json& map) {
  tell("hello", {{"protocol", kProtocolVersion}, {"version", parts_.version}});
  Fields fields{map, {}};
  const auto protocol = fields.number("protocol");
  compatible_ = fields.problem.empty() && protocol == kProtocolVersion;
  if (compatible_) return;
  tell_failed(
      {ErrorCode::kIncompatible,
       fmt::format("The program (version {}) speaks protocol {}, the plugin another: build the "
                   "program anew.",
                   parts_.version, kProtocolVersion)});
}

void Service::part(const Json& map) {
  Fields fields{map, {}};
  const auto& text = fields.text("text");
  if (!fields.problem.empty()) return tell_failed({ErrorCode::kBadMessage, fields.problem});
  const auto size = map.find("size");
  if (parts_of_text_.empty() && size != map.end() && size->is_number_unsigned()) {
    parts_of_text_.reserve(std::min(size->get<std::size_t>(), kMostText));
  }
  text_too_large_ = text_too_large_ || parts_of_text_.size() + text.size() > kMostText;
  if (text_too_large_) {
    parts_of_text_ = {};
  } else {
    parts_of_text_ += text;
  }
}

bool Service::join_text(Json& map) {
  if (std::exchange(text_too_large_, false)) return false;
  std::string parts = std::exchange(parts_of_text_, {});
  const auto rest = map.find("text");
  if (parts.empty() || rest == map.end() || !rest->is_string()) return true;
  parts += rest->get_ref<const std::string&>();
  *rest = std::move(parts);
  return true;
}

void Service::warm(const Json& map) {
  if (const auto request = first_request({}, map)) parts_.client.rehearse(*request);
}

void Service::open(const Json& map) {
  Fields fields{map, {}};
  auto lines = text::split_buffer(fields.text("text"));
  if (!fields.problem.empty()) return tell_failed({ErrorCode::kBadMessage, fields.problem});
  const auto request = first_request(std::move(lines), map);
  if (!request) return;
  parts_.client.rehearse(*request);
  parts_.client.warm(*request);
}

std::optional<http::Request> Service::first_request(std::vector<std::string_view> lines,
                                                    const Json& map) {
  // All that a request needs is read and made once, its data and code with it.
  lines.emplace_back("Hello");
  const auto origin = origin_of(map);
  const auto reading = chat::read_chat(lines, {editor_layer(map), {}}, parts_.environment, origin);
  // A mistake is told when the chat is sent, not while it is only looked at. What has to be allowed
  // first is not connected to either.
  if (!reading.chat || chat::find_demand(*reading.chat, origin, parts_.environment))
    return std::nullopt;
  auto plan =
      chat::make_plan(*reading.chat, parts_.environment, chat::Purpose::kSend, &calibration_);
  if (!plan) return std::nullopt;
  http::Request request;
  request.url = std::move(plan->url);
  request.headers = wire::encode_headers(plan->provider, "");
  request.body = std::make_shared<const std::string>(std::move(plan->body));
  request.proxy = plan->provider.proxy;
  request.ca_file = plan->provider.ca_file;
  request.connect_timeout = plan->provider.connect_timeout;
  return request;
}

std::optional<Service::Sent> Service::read_sent(const Json& map) {
  Fields fields{map, {}};
  const auto id = fields.number("id");
  auto lines = text::split_buffer(fields.text("text"));
  if (!fields.problem.empty()) {
    tell_failed({ErrorCode::kBadMessage, fields.problem});
    return std::nullopt;
  }
  auto origin = origin_of(map);
  origin.keys = keys_.known();
  auto reading = chat::read_chat(lines, {editor_layer(map), {}}, parts_.environment, origin);
  tell("diagnostics", {{"id", id}, {"items", describe_diagnostics(reading.diagnostics)}});
  for (const auto& warning : reading.warnings) parts_.log(warning);
  return Sent{id, std::move(lines), std::move(reading), std::move(origin)};
}

void Service::complete(const Json& map) {
  Fields fields{map, {}};
  const auto mode = fields.mode();
  if (!fields.problem.empty()) return tell_failed({ErrorCode::kBadMessage, fields.problem});
  auto sent = read_sent(map);
  if (!sent) return;
  const auto id = sent->id;
  auto& chat = sent->reading.chat;
  auto plan = plan_of(*sent, mode, chat::Purpose::kSend);
  if (!plan) {
    Json ended = describe(plan.error().error);
    ended.update(chat::describe_details(plan.error()));
    ended["id"] = id;
    ended["outcome"] = "error";
    tell("ended", ended);
    return;
  }
  if (chat->place) tell("place", describe(id, *chat->place));
  const auto from = find_unsaved(map);
  EditorAnswer::Parts parts{
      parts_.loop,
      parts_.client,
      keys_,
      [this](const std::string& name, const Json& message) { tell(name, message); },
      [this, id, before = from ? unsaved_of(map) : 0](std::unique_ptr<store::Journal> journal) {
        if (journal) take_journal(id, before, std::move(journal));
        forget(id);
      },
      learner(*plan)};
  auto& answer = answers_[id];
  answer = std::make_unique<EditorAnswer>(std::move(parts), id, std::move(*plan), *chat);
  keep(*answer, map, *sent, from);
  answer->start();
}

std::function<void(const provider::Usage&)> Service::learner(const chat::Plan& plan) {
  if (!plan.raw_tokens) return {};
  return [this, name = plan.provider.name + "/" + plan.model,
          raw = *plan.raw_tokens](const provider::Usage& usage) {
    calibration_.learn(name, raw, usage.input.value_or(0));
  };
}

void Service::keep(EditorAnswer& answer, const Json& map, const Sent& sent,
                   std::optional<std::size_t> from) {
  const std::string path = optional_text(map, "journal");
  if (path.empty()) return;
  const auto& chat = *sent.reading.chat;
  answer.keep({path,
               {optional_text(map, "file"), chat.format,
                chat.place ? document::read_lead(sent.lines, chat.format, *chat.place, from)
                           : document::read_lead(sent.lines, chat.format, from)},
               [this, path](const std::string& why) { tell_unwritable(path, why); }});
}

std::optional<std::size_t> Service::find_unsaved(const Json& map) {
  const auto found = journals_.find(unsaved_of(map));
  if (found == journals_.end()) return std::nullopt;
  const auto bytes = found->second->read();
  return bytes ? find_journalled(*bytes, map["text"].get_ref<const std::string&>()) : std::nullopt;
}

void Service::take_journal(std::int64_t id, std::int64_t before,
                           std::unique_ptr<store::Journal> journal) {
  if (const auto found = journals_.find(before); found != journals_.end()) {
    found->second->remove();
    journals_.erase(found);
  }
  journals_[id] = std::move(journal);
}

store::Journal* Service::journal_of(const Json& map) {
  Fields fields{map, {}};
  const auto found = journals_.find(fields.number("id"));
  if (!fields.problem.empty()) tell_failed({ErrorCode::kBadMessage, fields.problem});
  return found == journals_.end() ? nullptr : found->second.get();
}

void Service::tell_unwritable(const std::string& path, const std::string& why) {
  const Error error{
      ErrorCode::kUnwritableJournal,
      fmt::format("The journal {} cannot be written: {}; an answer that a crash cuts off cannot be "
                  "put back.",
                  path, why)};
  if (std::exchange(told_unwritable_, true)) return parts_.log(error.message);
  tell_failed(error);
}

EditorAnswer* Service::answer_of(const Json& map) {
  Fields fields{map, {}};
  const auto found = answers_.find(fields.number("id"));
  if (!fields.problem.empty()) tell_failed({ErrorCode::kBadMessage, fields.problem});
  return found == answers_.end() ? nullptr : found->second.get();
}

void Service::stop(const Json& map) {
  if (auto* answer = answer_of(map)) answer->stop();
}

void Service::acknowledge(const Json& map) {
  Fields fields{map, {}};
  const auto sequence = fields.number("sequence");
  if (auto* answer = answer_of(map)) answer->acknowledge(static_cast<std::uint64_t>(sequence));
}

void Service::cancel(const Json& map) {
  Fields fields{map, {}};
  chat_list_.cancel(fields.number("id"));
  auto* answer = answer_of(map);
  if (!answer) return;
  // What has come of it may be wanted again.
  const auto id = map["id"].get<std::int64_t>();
  if (!map.contains("keep") || map["keep"] != true) {
    answer->discard_journal();
  } else if (auto journal = answer->take_journal(); map.contains("hold") && map["hold"] == true) {
    if (journal) journals_[id] = std::move(journal);
  }
  answers_.erase(id);
}

void Service::move_journal(const Json& map) {
  Fields fields{map, {}};
  const auto& journal = fields.text("journal");
  const auto& file = fields.text("file");
  auto* answer = answer_of(map);
  if (!fields.problem.empty()) return tell_failed({ErrorCode::kBadMessage, fields.problem});
  if (answer) answer->move_journal(journal, !file.empty());
  if (auto* kept = journal_of(map)) kept->move(journal, !file.empty());
}

void Service::tell_result(std::int64_t id, const Result<Json>& value) {
  Json result = value ? Json{{"value", *value}} : describe(value.error());
  result["id"] = id;
  tell("result", result);
}

tl::expected<chat::Plan, chat::Hindrance> Service::plan_of(Sent& sent, chat::Mode mode,
                                                           chat::Purpose purpose) {
  if (auto ready = prepare_sent(sent.reading, sent.lines, mode); !ready) {
    return tl::unexpected(chat::Hindrance{ready.error()});
  }
  auto& chat = *sent.reading.chat;
  if (purpose == chat::Purpose::kSend) {
    if (sent.reading.offered && sent.origin.asks) {
      return tl::unexpected(chat::offered_context(*sent.reading.offered));
    }
    // Before anything of the user's is read for it.
    if (auto demand = chat::find_demand(chat, sent.origin, parts_.environment)) {
      return tl::unexpected(std::move(*demand));
    }
  }
  if (auto embedded = chat::embed_files(chat, sent.origin, parts_.environment); !embedded) {
    return tl::unexpected(std::move(embedded.error()));
  }
  return chat::make_plan(chat, parts_.environment, purpose, &calibration_)
      .map_error([](const Error& error) { return chat::Hindrance{error}; });
}

void Service::request(const Json& map) {
  auto sent = read_sent(map);
  if (!sent) return;
  // Right after an answer it is the request up to the last question, which a retry would send.
  const auto& chat = sent->reading.chat;
  const bool answered =
      chat && chat->own_messages > 0 && chat->messages.back().role == document::Role::kAssistant;
  const auto plan =
      plan_of(*sent, answered ? chat::Mode::kRetry : chat::Mode::kAnswer, chat::Purpose::kShow);
  Json result;
  if (plan) {
    result = {{"value", chat::describe_request(*plan)},
              {"size", chat::describe_size(chat::size_of(*plan))}};
    if (const auto demand =
            chat::find_demand(*sent->reading.chat, sent->origin, parts_.environment)) {
      result["demand"] = demand->error.message;
    }
  } else {
    result = describe(plan.error().error);
    result.update(chat::describe_details(plan.error()));
  }
  result["id"] = sent->id;
  tell("result", result);
}

void Service::embeds(const Json& map) {
  auto sent = read_sent(map);
  if (!sent) return;
  tell_result(sent->id, std::move(sent->reading.chat).map([&](chat::Chat&& chat) {
    return describe_embeds(std::move(chat), sent->origin, parts_.environment, &calibration_);
  }));
}

void Service::trust(const Json& map) {
  Fields fields{map, {}};
  const auto& what = fields.text("path");
  const auto& kind = fields.text("kind");
  if (!fields.problem.empty()) return tell_failed({ErrorCode::kBadMessage, fields.problem});
  const bool allowed = map.contains("allowed") && map["allowed"] == true;
  const auto& environment = parts_.environment;
  const auto remember = [&]() -> Result<void> {
    if (kind == "embed") return store::Trust::remember_embed(environment, what, allowed);
    if (kind == "body") return store::Trust::remember_demands(environment, what);
    if (kind == "server") return store::Trust::remember_server(environment, what);
    if (kind == "context" && !allowed) {
      return store::Trust::remember_context(environment, what, std::nullopt);
    }
    // The text that the user has seen, whatever the file holds by now.
    if (kind == "context") {
      return store::Trust::remember_context(environment, what, optional_text(map, "content"));
    }
    return tl::unexpected(Error{ErrorCode::kBadMessage,
                                "the field kind must be \"body\", \"context\", \"embed\" or "
                                "\"server\""});
  };
  if (auto kept = remember(); !kept) tell_failed(kept.error());
}

void Service::messages(const Json& map) {
  const auto sent = read_sent(map);
  if (!sent) return;
  tell_result(sent->id, sent->reading.chat.map([](const chat::Chat& chat) {
    Json list = Json::array();
    for (const auto& message : chat.messages) {
      list.push_back({{"role", name_of(message.role)}, {"content", message.content}});
    }
    return list;
  }));
}

void Service::format(const Json& map) {
  const auto sent = read_sent(map);
  if (!sent) return;
  tell_result(sent->id, sent->reading.chat.map([this](const chat::Chat& chat) {
    return describe_format(chat.format, chat::choose_model(chat.settings, parts_.environment));
  }));
}

void Service::models(const Json& map) {
  const auto sent = read_sent(map);
  if (!sent) return;
  tell_result(sent->id, sent->reading.chat.and_then([this](const chat::Chat& chat) {
    return chat::list_models(chat, parts_.environment);
  }));
}

void Service::set_model(const Json& map) {
  Fields fields{map, {}};
  const auto name = fields.text("model");
  if (!fields.problem.empty()) return tell_failed({ErrorCode::kBadMessage, fields.problem});
  const auto sent = read_sent(map);
  if (!sent) return;
  const auto edit = sent->reading.chat.and_then([&](const chat::Chat& chat) {
    return chat::set_model(chat, sent->lines, name, parts_.environment);
  });
  // Who picks a model of a server on this machine has named that.
  if (const auto row = edit ? chat::guess_of(*sent->reading.chat, name, parts_.environment)
                            : std::optional<std::string>()) {
    if (auto kept = store::Trust::remember_server(parts_.environment, *row); !kept) {
      parts_.log(kept.error().message);
    }
  }
  tell_result(sent->id, edit.map([](const chat::LineEdit& good) {
    return Json{{"first", good.first}, {"last", good.last}, {"lines", good.lines}};
  }));
}

void Service::chats(const Json& map) {
  Fields fields{map, {}};
  ChatList::Question question{fields.number("id"), fields.text("folder"), fields.text("text"), {}};
  if (!fields.problem.empty()) return tell_failed({ErrorCode::kBadMessage, fields.problem});
  // A mistake in the configuration is told when a chat is sent; chats are listed all the same.
  const auto reading = chat::read_chat({}, {editor_layer(map), {}}, parts_.environment);
  if (reading.chat) question.format = reading.chat->format;
  chat_list_.read(std::move(question));
}

void Service::recoverable(const Json& map) { ask_journal(map, offer_journal); }

void Service::recover(const Json& map) { ask_journal(map, recover_journal); }

void Service::ask_journal(const Json& map, Result<Json> (*question)(const std::string& journal,
                                                                    std::string_view document)) {
  Fields fields{map, {}};
  const auto id = fields.number("id");
  const auto& journal = fields.text("journal");
  const auto& text = fields.text("text");
  if (!fields.problem.empty()) return tell_failed({ErrorCode::kBadMessage, fields.problem});
  // Those of answers that are over are for everybody to read.
  std::erase_if(journals_, [&](const auto& kept) { return kept.second->path() == journal; });
  tell_result(id, question(journal, text));
}

void Service::discard(const Json& map) {
  if (map.contains("id")) {
    if (auto* journal = journal_of(map)) {
      journal->remove();
      journals_.erase(map["id"].get<std::int64_t>());
    }
    return tell("discarded", {{"id", map["id"]}});
  }
  Fields fields{map, {}};
  const auto& journal = fields.text("journal");
  if (!fields.problem.empty()) return tell_failed({ErrorCode::kBadMessage, fields.problem});
  discard_journal(journal);
}

void Service::release(const Json& map) {
  if (journal_of(map)) journals_.erase(map["id"].get<std::int64_t>());
}

void Service::undone(const Json& map) {
  if (auto* journal = journal_of(map)) {
    journal->offer(!map.contains("undone") || map["undone"] != true);
  }
}

void Service::tell(const std::string& name, const Json& map) {
  parts_.channel.notify("nvim_exec_lua", Json::array({kReceive, Json::array({name, map})}));
}

void Service::tell_failed(const Error& error) {
  parts_.log(error.message);
  tell("failed", describe(error));
}

void Service::used() { idle_.start(parts_.memory_kept); }

void Service::forget(std::int64_t id) {
  parts_.loop.post([this, id] {
    answers_.erase(id);
    used();
  });
}

}  // namespace chatvim::editor
