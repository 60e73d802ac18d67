// SPDX-License-Identifier: Apache-2.0
#include "questions.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "chatvim/chat/answers.hpp"
#include "chatvim/chat/model_choice.hpp"
#include "chatvim/chat/set_value.hpp"
#include "chatvim/chat/size.hpp"
#include "chatvim/editor/describe.hpp"
#include "chatvim/patch/blocks.hpp"
#include "chatvim/patch/edits.hpp"
#include "chatvim/store/trust.hpp"
#include "chatvim/toolbox/inventory.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "describe_embeds.hpp"
#include "read_answers.hpp"

namespace chatvim::editor {

namespace {

Json describe_edit(const chat::LineEdit& edit) {
  return {{"first", edit.first}, {"last", edit.last}, {"lines", edit.lines}};
}

Json describe_block(const patch::Block& block) {
  return {{"first", block.first},
          {"last", block.last},
          {"kind", patch::name_of(block.kind)},
          {"path", block.path},
          {"path_from", patch::name_of(block.path_from)},
          {"language", block.language},
          {"lines", block.text},
          {"quoted", block.quoted ? Json(*block.quoted) : Json()}};
}

Json describe_blocks(const std::vector<patch::Block>& blocks) {
  Json list = Json::array();
  for (const auto& block : blocks) list.push_back(describe_block(block));
  return {{"blocks", std::move(list)}};
}

Json describe_edits(const std::vector<patch::Edit>& edits) {
  Json list = Json::array();
  for (const auto& edit : edits) {
    list.push_back({{"first", edit.first}, {"last", edit.last}, {"lines", edit.lines}});
  }
  return {{"edits", std::move(list)}};
}

}  // namespace

void Questions::request(const Message& message) {
  auto sent = chats_.read(message);
  // Right after an answer this is the request up to the last question, which a retry would send.
  const auto& chat = sent.reading.chat;
  const bool answered =
      chat && chat->own_messages > 0 && chat->messages.back().role == document::Role::kAssistant;
  // What prevents sending is found only by a plan that is made for it.
  const bool check = message.flag("check");
  const auto plan = chats_.plan(sent, answered && !check ? chat::Mode::kRetry : chat::Mode::kAnswer,
                                check ? chat::Purpose::kSend : chat::Purpose::kShow);
  Json result;
  if (plan && check) {
    result = {{"value", plan->provider.name + "/" + plan->model}};
  } else if (plan) {
    result = {{"value", chat::describe_request(*plan)},
              {"size", chat::describe_size(chat::size_of(*plan))}};
    if (const auto demand = chat::find_demand(*sent.reading.chat, sent.origin, environment_)) {
      result["demand"] = demand->error.message;
    }
  } else {
    result = describe_error(plan.error().error);
    result.update(chat::describe_details(plan.error()));
  }
  result["id"] = sent.id;
  lua_.send("result", result);
}

void Questions::messages(const Message& message) {
  const auto sent = chats_.read(message);
  lua_.send_result(sent.id, sent.reading.chat.map([](const chat::Chat& chat) {
    Json list = Json::array();
    for (const auto& one : chat.messages) {
      list.push_back(describe_message(one));
    }
    return list;
  }));
}

void Questions::format(const Message& message) {
  const auto sent = chats_.read(message);
  lua_.send_result(sent.id, sent.reading.chat.map([this](const chat::Chat& chat) {
    return describe_format(chat.format, chat::choose_model(chat.settings, environment_));
  }));
}

void Questions::models(const Message& message) {
  const auto sent = chats_.read(message);
  lua_.send_result(sent.id, sent.reading.chat.and_then([this](const chat::Chat& chat) {
    return chat::list_models(chat, environment_);
  }));
}

void Questions::set_model(const Message& message) {
  const auto sent = chats_.read(message);
  const std::string& name = message.text("model");
  const auto edit = sent.reading.chat.and_then([&](const chat::Chat& chat) {
    return chat::set_model(chat, sent.lines, name, environment_);
  });
  // A user who picks a model of a server on this machine has allowed that server.
  if (const auto row = edit ? chat::guess_of(*sent.reading.chat, name, environment_)
                            : std::optional<std::string>()) {
    if (auto kept = store::Trust::remember_server(environment_, *row); !kept) {
      lua_.log(kept.error().message);
    }
  }
  lua_.send_result(sent.id, edit.map(describe_edit));
}

void Questions::answers(const Message& message) {
  const auto sent = chats_.read(message);
  const auto edit = sent.reading.chat.and_then([&](const chat::Chat& chat) {
    return read_answers(message.maps("answers")).and_then([&](auto answers) {
      return chat::append_answers(chat, sent.lines, std::move(answers));
    });
  });
  lua_.send_result(sent.id, edit.map(describe_edit));
}

void Questions::choose(const Message& message) {
  const auto sent = chats_.read(message);
  const auto edit = sent.reading.chat.and_then([&](const chat::Chat& chat) {
    // A negative row becomes one that no document has.
    return chat::choose_answer(chat, sent.lines, static_cast<std::size_t>(message.number("row")));
  });
  lua_.send_result(sent.id, edit.map(describe_edit));
}

void Questions::set_title(const Message& message) {
  const auto sent = chats_.read(message);
  const auto edit = sent.reading.chat.and_then(
      [&](const chat::Chat&) { return chat::set_title(sent.lines, message.text("title")); });
  lua_.send_result(sent.id, edit.map(describe_edit));
}

void Questions::tools(const Message& message) {
  const auto sent = chats_.read(message);
  lua_.send_result(sent.id, sent.reading.chat.map([&](const chat::Chat& chat) {
    return toolbox::inventory(chat.settings, toolbox::folder_of(sent.origin), environment_);
  }));
}

void Questions::set_tools(const Message& message) {
  const auto sent = chats_.read(message);
  const auto edit = sent.reading.chat.and_then(
      [&](const chat::Chat&) { return chat::set_tools(sent.lines, message.texts("tools")); });
  lua_.send_result(sent.id, edit.map(describe_edit));
}

void Questions::embeds(const Message& message) {
  auto sent = chats_.read(message);
  lua_.send_result(sent.id, std::move(sent.reading.chat).map([&](chat::Chat&& chat) {
    return describe_embeds(std::move(chat), sent.origin, environment_, &calibration_);
  }));
}

void Questions::blocks(const Message& message) {
  const auto sent = chats_.read(message);
  std::optional<std::size_t> row;
  if (message.has("row")) {
    row = static_cast<std::size_t>(std::max<std::int64_t>(message.number("row"), 0));
  }
  lua_.send_result(sent.id, sent.reading.chat.and_then([&](const chat::Chat& chat) {
    const auto own = std::span(chat.messages).last(chat.own_messages);
    return patch::read_blocks(own, row).map(describe_blocks);
  }));
}

void Questions::patch(const Message& message) {
  patch::Proposal proposal{message.text("block")};
  for (const auto kind : {patch::Kind::kDiff, patch::Kind::kWhole}) {
    if (message.text("kind") == patch::name_of(kind)) proposal.kind = kind;
  }
  if (message.has("quoted")) proposal.quoted = message.text("quoted");
  lua_.send_result(message.number("id"),
                   patch::find_edits(message.text("text"), proposal).map(describe_edits));
}

void Questions::trust(const Message& message) {
  const std::string& what = message.text("path");
  const std::string& kind = message.text("kind");
  const bool allowed = message.flag("allowed");
  const auto remember = [&]() -> Result<void> {
    if (kind == "embed") return store::Trust::remember_embed(environment_, what, allowed);
    if (kind == "body") return store::Trust::remember_demands(environment_, what);
    if (kind == "server") return store::Trust::remember_server(environment_, what);
    if (kind == "context" && !allowed) {
      return store::Trust::remember_context(environment_, what, std::nullopt);
    }
    // The text that the user has seen, whatever the file holds by now.
    if (kind == "context") {
      return store::Trust::remember_context(environment_, what, message.text("content"));
    }
    return tl::unexpected(Error{ErrorCode::kBadMessage,
                                "the field kind must be \"body\", \"context\", \"embed\" or "
                                "\"server\""});
  };
  if (auto kept = remember(); !kept) lua_.send_failed(kept.error());
}

}  // namespace chatvim::editor
