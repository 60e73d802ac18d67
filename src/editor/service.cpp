// SPDX-License-Identifier: Apache-2.0
#include "chatvim/editor/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "answers.hpp"
#include "chat_list.hpp"
#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/embeds.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/loop/system.hpp"
#include "chatvim/lsp/server.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/utf8.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "chatvim/wire/encoder.hpp"
#include "lua.hpp"
#include "protocol.hpp"
#include "questions.hpp"
#include "sent_chat.hpp"

namespace chatvim::editor {

namespace {

constexpr std::size_t kMostText = 512UL * 1024 * 1024;

using Handler = std::function<void(const Message& message)>;

/// The handler that calls a method of an object, which must outlive it.
template <class Object>
Handler call(Object& object, void (Object::*method)(const Message&)) {
  return [&object, method](const Message& message) { (object.*method)(message); };
}

}  // namespace

struct Service::Impl {
  explicit Impl(Parts with);

  std::map<std::string_view, Handler> handlers();
  /// Checks a message by its row of the table and hands it to its handler.
  void receive(const MessageType& type, Json& arguments, const Handler& handler);
  /// Puts the parts that came before a message in front of its text. False if they were too many to
  /// be kept.
  bool join_parts(Json& map);

  void hello(const Message& message);
  void part(const Message& message);
  void warm(const Message& message);
  void open(const Message& message);
  void cancel(const Message& message);
  void chats(const Message& message);
  void lsp_message(const Message& message);

  /// The request of the chat that begins with these lines, to get ready for it. It is not to be
  /// sent: it has nothing that the user wrote, and no key.
  /// Starts the servers of tools that the chat may use, as far as the user has allowed that.
  std::optional<http::Request> first_request(std::vector<std::string_view> lines,
                                             const Message& message);
  void restart_idle_timer() { idle.start(parts.memory_kept); }

  Parts parts;
  Lua lua;
  store::KeyRing keys;
  store::Calibration calibration;
  loop::Timer idle;
  toolbox::Toolbox tools;
  ChatReader reader;
  Questions questions;
  Answers answers;
  ChatList chat_list;
  std::unique_ptr<lsp::Server> language_server;  ///< from the first message to `exit`
  std::uint64_t language_servers = 0;            ///< that have been started
  std::string parts_of_text;                     ///< of the next message
  bool text_too_large = false;
  bool compatible = true;
};

Service::Service(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}

Service::~Service() = default;

Service::Impl::Impl(Parts with)
    : parts(std::move(with)),
      lua(parts.channel, parts.log),
      keys(parts.loop, parts.environment),
      calibration(store::calibration_file(store::state_folder(parts.environment))),
      idle(parts.loop, [] { loop::give_back_memory(); }),
      tools({parts.loop, parts.client, parts.environment, parts.version,
             [this](std::string_view line) { parts.log(std::string(line)); }}),
      reader(lua, parts.environment, keys, calibration, tools),
      questions(lua, reader, parts.environment, calibration),
      answers({parts.loop, parts.client, lua, reader, keys, calibration, parts.environment, tools,
               [this] { restart_idle_timer(); },
               [this](const std::string& file, const std::string& setting) {
                 if (language_server) language_server->note_refused(file, setting);
               }}),
      chat_list(parts.loop, {[this](std::int64_t id, Json chats) {
                               lua.send("chats", {{"id", id}, {"chats", std::move(chats)}});
                             },
                             [this](std::int64_t id, const Result<Json>& end) {
                               lua.send_result(id, end);
                               restart_idle_timer();
                             },
                             parts.log}) {
  restart_idle_timer();
  const auto all = handlers();
  for (const MessageType& type : message_types()) {
    parts.channel.on_notification(std::string(type.name),
                                  [this, &type, handler = all.at(type.name)](Json arguments) {
                                    receive(type, arguments, handler);
                                  });
  }
  // For tests and scripts: the reply comes when everything that was sent before has been handled.
  parts.channel.on_request("sync", [](const Json&) -> Result<Json> { return Json(true); });
}

std::map<std::string_view, Handler> Service::Impl::handlers() {
  return {
      {"hello", call(*this, &Impl::hello)},
      {"warm", call(*this, &Impl::warm)},
      {"open", call(*this, &Impl::open)},
      {"part", call(*this, &Impl::part)},
      {"complete", call(answers, &Answers::complete)},
      {"acknowledge", call(answers, &Answers::acknowledge)},
      {"stop", call(answers, &Answers::stop)},
      {"decide", call(answers, &Answers::decide)},
      {"cancel", call(*this, &Impl::cancel)},
      {"move_journal", call(answers, &Answers::move_journal)},
      {"request", call(questions, &Questions::request)},
      {"messages", call(questions, &Questions::messages)},
      {"format", call(questions, &Questions::format)},
      {"models", call(questions, &Questions::models)},
      {"set_model", call(questions, &Questions::set_model)},
      {"answers", call(questions, &Questions::answers)},
      {"choose", call(questions, &Questions::choose)},
      {"set_title", call(questions, &Questions::set_title)},
      {"tools", call(questions, &Questions::tools)},
      {"set_tools", call(questions, &Questions::set_tools)},
      {"chats", call(*this, &Impl::chats)},
      {"embeds", call(questions, &Questions::embeds)},
      {"blocks", call(questions, &Questions::blocks)},
      {"patch", call(questions, &Questions::patch)},
      {"recoverable", call(answers, &Answers::recoverable)},
      {"recover", call(answers, &Answers::recover)},
      {"discard", call(answers, &Answers::discard)},
      {"release", call(answers, &Answers::release)},
      {"undone", call(answers, &Answers::undone)},
      {"lsp", call(*this, &Impl::lsp_message)},
      {"trust", call(questions, &Questions::trust)},
  };
}

void Service::Impl::receive(const MessageType& type, Json& arguments, const Handler& handler) {
  if (arguments.size() != 1 || !arguments[0].is_object()) {
    return lua.send_failed(
        {ErrorCode::kBadMessage, fmt::format("The notification {} takes one map.", type.name)});
  }
  if (!compatible && type.name != "hello") return;
  Json& map = arguments[0];
  if (type.name != "part" && !join_parts(map)) {
    return lua.send_failed({ErrorCode::kBadMessage, "The text of a chat is larger than 512 MiB."});
  }
  if (auto checked = check_message(type, map); !checked) return lua.send_failed(checked.error());
  handler(Message(map));
  restart_idle_timer();
}

void Service::Impl::hello(const Message& message) {
  lua.send("hello", {{"protocol", kProtocolVersion}, {"version", parts.version}});
  compatible = message.number("protocol") == kProtocolVersion;
  if (compatible) return;
  lua.send_failed(
      {ErrorCode::kIncompatible,
       fmt::format("The program (version {}) speaks protocol {}, the plugin another: rebuild the "
                   "program.",
                   parts.version, kProtocolVersion)});
}

void Service::Impl::part(const Message& message) {
  const std::string& text = message.text("text");
  if (parts_of_text.empty() && message.number("size") > 0) {
    parts_of_text.reserve(std::min(static_cast<std::size_t>(message.number("size")), kMostText));
  }
  text_too_large = text_too_large || parts_of_text.size() + text.size() > kMostText;
  if (text_too_large) {
    parts_of_text = {};
  } else {
    parts_of_text += text;
  }
}

bool Service::Impl::join_parts(Json& map) {
  if (std::exchange(text_too_large, false)) return false;
  std::string text = std::exchange(parts_of_text, {});
  const auto rest = map.find("text");
  if (text.empty() || rest == map.end() || !rest->is_string()) return true;
  text += rest->get_ref<const std::string&>();
  *rest = std::move(text);
  return true;
}

void Service::Impl::warm(const Message& message) {
  if (const auto request = first_request({}, message)) parts.client.rehearse(*request);
}

void Service::Impl::open(const Message& message) {
  const auto request = first_request(text::split_buffer(message.text("text")), message);
  if (!request) return;
  parts.client.rehearse(*request);
  parts.client.warm(*request);
}

std::optional<http::Request> Service::Impl::first_request(std::vector<std::string_view> lines,
                                                          const Message& message) {
  // All that a request needs is read and made once, its data and code with it.
  lines.emplace_back("Hello");
  const auto origin = message.origin();
  auto reading = chat::read_chat(lines, {message.settings(), {}}, parts.environment, origin);
  // Mistakes are reported when the chat is sent. A server that must be allowed first is not
  // connected to either.
  if (!reading.chat || chat::find_demand(*reading.chat, origin, parts.environment)) {
    return std::nullopt;
  }
  tools.offer_to(*reading.chat, origin);
  tools.warm(*reading.chat, origin);
  auto plan = chat::make_plan(*reading.chat, parts.environment, chat::Purpose::kSend, &calibration);
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

void Service::Impl::cancel(const Message& message) {
  chat_list.cancel(message.number("id"));
  answers.cancel(message);
}

void Service::Impl::chats(const Message& message) {
  ChatList::Question question{
      message.number("id"), message.text("folder"), message.text("text"), {}};
  // Chats are listed even if the configuration has a mistake, which is reported when one is sent.
  const auto reading = chat::read_chat({}, {message.settings(), {}}, parts.environment);
  if (reading.chat) question.format = reading.chat->format;
  chat_list.read(std::move(question));
}

void Service::Impl::lsp_message(const Message& message) {
  // A client that begins anew may follow one whose `exit` has not been handled yet.
  if (!language_server || message.flag("begins")) {
    language_server.reset();
    const std::uint64_t number = ++language_servers;
    language_server = std::make_unique<lsp::Server>(lsp::Server::Parts{
        parts.loop, parts.client, keys, calibration, tools, parts.environment, parts.version,
        [this](const Json& reply) {
          lua.send("lsp", {{"text", reply.dump(-1, ' ', false, Json::error_handler_t::replace)}});
        },
        [this, number](int) {
          parts.loop.post([this, number] {
            if (number == language_servers) language_server.reset();
          });
        },
        parts.log});
  }
  language_server->receive(message.text("text"));
}

}  // namespace chatvim::editor
