// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "json_fields.hpp"

namespace chatvim::lsp {

void Client::request(const char* method, Json params, Callback callback) {
  waiting_[++last_id_] = std::move(callback);
  send_({{"jsonrpc", "2.0"}, {"id", last_id_}, {"method", method}, {"params", std::move(params)}});
}

void Client::notify(const char* method, Json params) {
  send_({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

void Client::take(const Json& response) {
  const auto id = response.find("id");
  if (id == response.end() || !id->is_number_integer()) return;
  const auto found = waiting_.find(id->get<std::int64_t>());
  if (found == waiting_.end()) return;
  const Callback callback = std::move(found->second);
  waiting_.erase(found);
  if (callback) callback(member(response, "result"), member(response, "error"));
}

void Client::publish_diagnostics(const std::string& uri, std::optional<std::int64_t> version,
                                 Json items) {
  Json params = {{"uri", uri}, {"diagnostics", std::move(items)}};
  if (version) params["version"] = *version;
  notify("textDocument/publishDiagnostics", std::move(params));
}

void Client::show(int type, const std::string& message) {
  notify("window/showMessage", {{"type", type}, {"message", message}});
}

void Client::choose(int type, const std::string& message, const std::vector<std::string>& titles,
                    const std::function<void(const std::string&)>& callback) {
  Json actions = Json::array();
  for (const std::string& title : titles) actions.push_back({{"title", title}});
  request("window/showMessageRequest",
          {{"type", type}, {"message", message}, {"actions", std::move(actions)}},
          [this, type, message, callback](const Json& chosen, const Json& problem) {
            if (!problem.is_null()) show(type, message + " (This editor cannot ask about it.)");
            callback(text_of(chosen, "title"));
          });
}

void Client::apply_edit(const std::string& label, const std::string& uri, std::int64_t version,
                        Json edits, Callback callback) {
  Json edit;
  if (traits_.versions_edits) {
    const Json document = {{"uri", uri}, {"version", version}};
    edit["documentChanges"] =
        Json::array({{{"textDocument", document}, {"edits", std::move(edits)}}});
  } else {
    edit["changes"][uri] = std::move(edits);
  }
  Json params = {{"edit", std::move(edit)}};
  if (!label.empty()) params["label"] = label;
  request("workspace/applyEdit", std::move(params), std::move(callback));
}

}  // namespace chatvim::lsp
