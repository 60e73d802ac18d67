// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "chatvim/chat/configuration.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/chat/size.hpp"
#include "chatvim/editor/describe.hpp"
#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/store/state.hpp"
#include "chatvim/store/stored_keys.hpp"
#include "chatvim/text/redact.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "commands.hpp"
#include "input.hpp"
#include "output.hpp"
#include "table.hpp"

namespace chatvim::cli {

namespace {

std::string pretty(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string key_column(const provider::Provider& row, const Environment& environment) {
  if (provider::has_key(row, environment)) return "yes";
  if (row.key.optional) return "not needed";
  return row.key.environment.empty() ? "no" : "no ($" + row.key.environment.front() + ")";
}

}  // namespace

Result<Known> read_known(const Options& options) {
  const auto configuration = chat::read_configuration(options.environment);
  if (!configuration) return tl::unexpected(configuration.error());
  settings::Settings settings(configuration->layers);
  auto table = store::provider_table(settings.providers(), options.environment);
  if (!table) return tl::unexpected(table.error());
  return Known{std::move(settings), std::move(*table)};
}

Result<const provider::Provider*> find_provider(const Known& known, const std::string& name,
                                                const Environment& environment) {
  for (const auto& row : known.table) {
    if (row.name == name) return &row;
  }
  const auto choice = provider::choose(known.table, std::nullopt, name, environment);
  if (!choice) return tl::unexpected(choice.error());
  return tl::unexpected(Error{ErrorCode::kUnknownProvider, "Name a provider."});
}

int print(const std::string& text, int code) {
  const auto written = write_out(text);
  return written ? code : report(written.error());
}

int messages(const Options& options) {
  Input input;
  if (auto read = read_input(options, input); !read) return report(read.error());
  if (auto checked = chat::check_text(input.lines); !checked) {
    return report(with_file(checked.error(), input.file));
  }
  const auto reading = chat::read_chat(input.lines, {}, options.environment);
  for (const auto& warning : reading.warnings) say(warning);
  const bool in_document = reading.chat || reading.chat.error().code == ErrorCode::kBadDocument;
  if (!in_document) return report(reading.chat.error());
  Json list = Json::array();
  if (reading.chat) {
    const auto& all = reading.chat->messages;
    // Skip the configuration's messages.
    for (std::size_t i = all.size() - reading.chat->own_messages; i < all.size(); ++i) {
      list.push_back(editor::describe_message(all[i]));
    }
  }
  const Json document = {{"settings", *reading.document_layer.values},
                         {"messages", list},
                         {"diagnostics", editor::describe_diagnostics(reading.diagnostics)}};
  return print(pretty(document), reading.chat ? 0 : exit_code_of(reading.chat.error().code));
}

int request(const Options& options) {
  Input input;
  if (auto read = read_input(options, input); !read) return report(read.error());
  Options dry = options;
  dry.dry_run = true;
  auto chat = read_chat(dry, input);
  if (!chat) return report(chat.error());
  http::CurlClient client(options.environment);
  loop::Loop loop(client);
  toolbox::Toolbox tools({loop, client, options.environment, CHATVIM_VERSION, {}});
  for (const auto& warning : tools.offer_to(*chat, origin_of(options, input.file))) say(warning);
  store::Calibration calibration(store::calibration_file(store::state_folder(options.environment)));
  const auto plan = chat::make_plan(*chat, options.environment, chat::Purpose::kShow, &calibration);
  if (!plan) return report(plan.error());
  say_lines(chat::size_in_words(*plan) + "\n");
  return print(chat::describe_request(*plan) + "\n");
}

int providers(const Options& options) {
  const auto known = read_known(options);
  if (!known) return report(known.error());
  if (options.names) {
    std::string names;
    for (const auto& row : known->table) names += row.name + "\n";
    return print(names);
  }
  if (!options.json) {
    std::string text = fmt::format("{:<12} {:<10} {:<26} {:<34} {}\n", "NAME", "API", "KEY",
                                   "DEFAULT MODEL", "BASE URL");
    for (const auto& row : known->table) {
      text += fmt::format("{:<12} {:<10} {:<26} {:<34} {}\n", row.name, name_of(row.api),
                          key_column(row, options.environment),
                          row.default_model.empty() ? "-" : row.default_model,
                          row.base_url.empty() ? "-" : text::redact_addresses(row.base_url));
    }
    for (const auto& row : known->table) {
      if (!row.problem.empty())
        text += fmt::format("\n{} cannot be used: {}\n", row.name, row.problem);
    }
    return print(text);
  }
  Json list = Json::array();
  for (const auto& row : known->table) {
    list.push_back({{"name", row.name},
                    {"problem", row.problem},
                    {"api", name_of(row.api)},
                    {"base_url", text::redact_addresses(row.base_url)},
                    {"default_model", row.default_model},
                    {"key", provider::has_key(row, options.environment)},
                    {"key_needed", !row.key.optional},
                    {"key_variables", row.key.environment}});
  }
  return print(pretty(list));
}

}  // namespace chatvim::cli
