// SPDX-License-Identifier: Apache-2.0
// chatvim-mcp-standin: a server of the Model Context Protocol over standard input and output that
// misbehaves as its arguments say. Real servers do all of this, but not on demand.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace {

using Json = nlohmann::ordered_json;

std::set<std::string> g_options;

bool is_set(const std::string& option) { return g_options.count(option) > 0; }

/// Returns the value of `--NAME=VALUE`, or `otherwise`.
std::string value_of(const std::string& name, const std::string& otherwise = "") {
  const std::string start = "--" + name + "=";
  for (const std::string& option : g_options) {
    if (option.rfind(start, 0) == 0) return option.substr(start.size());
  }
  return otherwise;
}

void write_text(const std::string& text) {
  // Half lines: a write for each byte.
  const std::size_t step = is_set("--half-lines") ? 1 : text.size();
  for (std::size_t at = 0; at < text.size(); at += step) {
    std::cout.write(text.data() + at,
                    static_cast<std::streamsize>(std::min(step, text.size() - at)));
    std::cout.flush();
  }
}

void write_message(const Json& message) {
  write_text((is_set("--batch") ? Json::array({message}) : message).dump() + "\n");
}

Json id_of(const Json& request) {
  return is_set("--string-ids") ? Json(std::to_string(request["id"].get<int>())) : request["id"];
}

void answer(const Json& request, Json result) {
  write_message({{"jsonrpc", "2.0"}, {"id", id_of(request)}, {"result", std::move(result)}});
}

void refuse(const Json& request, int code, const std::string& words, Json data = nullptr) {
  Json error = {{"code", code}, {"message", words}};
  if (!data.is_null()) error["data"] = std::move(data);
  write_message({{"jsonrpc", "2.0"}, {"id", id_of(request)}, {"error", std::move(error)}});
}

void notify(const std::string& method, Json params = Json::object()) {
  write_message({{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}});
}

Json text_result(const std::string& text, bool is_error = false) {
  return {{"content", {{{"type", "text"}, {"text", text}}}}, {"isError", is_error}};
}

/// Starts a process that ignores signals and holds our standard output.
void start_grandchild() {
  if (::fork() != 0) return;
  std::signal(SIGTERM, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  for (;;) ::pause();
}

/// Returns what the tools' descriptions say: the content of the file of `--words=FILE`, if there is
/// one. It can change while the command line stays the same.
std::string description() {
  std::ifstream file(value_of("words"));
  const std::string words{std::istreambuf_iterator<char>(file), {}};
  return words.empty() ? "Does it." : words;
}

Json list_page(const Json& params) {
  const int pages = std::stoi(value_of("pages", "1"));
  const std::string cursor = params.contains("cursor") ? params["cursor"].get<std::string>() : "0";
  const int page = cursor.empty() ? 1 : std::stoi(cursor);
  Json tools = Json::array();
  for (const char* name :
       {"echo", "wait", "exit", "big", "progress", "storm", "environment", "file"}) {
    const std::string tail = page == 0 ? "" : std::to_string(page);
    tools.push_back({{"name", name + tail},
                     {"description", description()},
                     {"inputSchema", {{"type", "object"}}},
                     {"annotations", {{"readOnlyHint", true}}}});
  }
  Json result = {{"tools", std::move(tools)}};
  if (pages < 0 || page + 1 < pages) {
    // The second page has an empty cursor.
    result["nextCursor"] = page == 0 ? "" : std::to_string(page + 1);
  }
  return result;
}

std::string environment() {
  std::string all = "folder=" + std::string(::getcwd(nullptr, 0)) + "\n";
  for (char** entry = environ; *entry != nullptr; ++entry) all += std::string(*entry) + "\n";
  return all;
}

/// Answers with the bytes of a file, which no JSON library would let through: as they are, but for
/// what has to be escaped.
void answer_with_file(const Json& request, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  for (std::istreambuf_iterator<char> at(file), end; at != end; ++at) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte == '"' || byte == '\\') text += '\\';
    if (byte >= ' ') {
      text += *at;
    } else {
      text += byte < 16 ? "\\u000" : "\\u001";
      text += "0123456789abcdef"[byte % 16];
    }
  }
  write_text(R"({"jsonrpc":"2.0","id":)" + id_of(request).dump() +
             R"(,"result":{"content":[{"type":"text","text":")" + text + "\"}]}}\n");
}

std::vector<Json> g_held;  ///< calls to be answered in the other order

void call_tool(const Json& request) {
  const Json& params = request["params"];
  const std::string name = params["name"];
  const Json& arguments = params["arguments"];
  if (name == "wait") {
    // The file tells a test that the call is here.
    if (arguments.contains("file")) std::ofstream(arguments["file"].get<std::string>());
    return;
  }
  if (name == "file") return answer_with_file(request, arguments["path"]);
  if (name == "exit") {
    std::cerr << "out of memory" << std::endl;
    std::_Exit(7);
  }
  if (name == "big") {
    const auto size = arguments["bytes"].get<std::size_t>();
    std::string text;
    while (text.size() < size) text += "All work and no play makes \"Jack\" a dull boy.\n";
    return answer(request, text_result(text));
  }
  if (name == "progress") {
    for (int i = 0; i < 3; ++i) {
      notify("notifications/progress",
             {{"progressToken", params["_meta"]["progressToken"]}, {"progress", i}});
    }
    return answer(request, text_result("done"));
  }
  if (name == "storm") {
    for (int i = 0; i < 2000; ++i) {
      notify("notifications/tools/list_changed");
      write_message({{"jsonrpc", "2.0"}, {"id", "p" + std::to_string(i)}, {"method", "ping"}});
    }
    return answer(request, text_result("calm"));
  }
  if (name == "environment") return answer(request, text_result(environment()));
  if (name != "echo") return refuse(request, -32602, "Unknown tool: " + name);
  if (is_set("--out-of-order")) {
    g_held.push_back(request);
    if (g_held.size() < 3) return;
    for (auto held = g_held.rbegin(); held != g_held.rend(); ++held) {
      answer(*held, text_result((*held)["params"]["arguments"]["text"]));
    }
    return g_held.clear();
  }
  answer(request, text_result(arguments.value("text", "")));
}

bool is_modern(const Json& params) {
  return params.contains("_meta") &&
         params["_meta"].contains("io.modelcontextprotocol/protocolVersion");
}

void take_discover(const Json& request) {
  const std::string kind = value_of("kind", "legacy");
  if (is_set("--dies-of-probe")) std::_Exit(1);
  if (kind == "legacy") return refuse(request, -32601, "Method not found");
  if (is_set("--refuses-version")) {
    return refuse(request, -32022, "Unsupported protocol version",
                  {{"supported", {value_of("version")}}});
  }
  answer(request, {{"resultType", "complete"},
                   {"supportedVersions", {"2026-07-28"}},
                   {"capabilities", {{"tools", {{"listChanged", true}}}}}});
}

void take_request(const Json& request) {
  const std::string method = request["method"];
  const Json params = request.value("params", Json::object());
  const std::string kind = value_of("kind", "legacy");
  if (is_set("--never-answers")) return;
  if (method == "server/discover") return take_discover(request);
  if (kind == "modern" && !is_modern(params)) {
    return refuse(request, -32602, "this server speaks 2026-07-28 only");
  }
  if (method == "initialize") {
    return answer(request, {{"protocolVersion", value_of("version", "2025-11-25")},
                            {"capabilities", {{"tools", {{"listChanged", true}}}}},
                            {"serverInfo", {{"name", "standin"}, {"version", "1"}}}});
  }
  if (method == "tools/list") {
    if (is_set("--changes")) notify("notifications/tools/list_changed");
    return answer(request, list_page(params));
  }
  if (method == "tools/call") return call_tool(request);
  if (method == "subscriptions/listen") {
    return notify("notifications/tools/list_changed",
                  {{"_meta", {{"io.modelcontextprotocol/subscriptionId", request["id"]}}}});
  }
  refuse(request, -32601, "Method not found");
}

void take_line(const std::string& line) {
  const Json message = Json::parse(line);
  if (message.contains("method") && message.contains("id")) {
    take_request(message);
  } else if (message.value("method", "") == "notifications/cancelled" && is_set("--late")) {
    // The answer to a call that is not waited for any longer.
    answer({{"id", message["params"]["requestId"]}}, text_result("late"));
  }
}

void talk_first() {
  write_text("Welcome!\n{not json}\n\n");
  write_message({{"jsonrpc", "2.0"}, {"id", "early"}, {"method", "ping"}});
  write_message({{"jsonrpc", "2.0"}, {"id", 1}, {"method", "roots/list"}});
  write_message({{"jsonrpc", "2.0"}, {"id", 12345}, {"result", Json::object()}});
  notify("notifications/tools/list_changed");
}

}  // namespace

int main(int count, char** values) {
  g_options = std::set<std::string>(values + 1, values + count);
  if (is_set("--exits")) {
    std::cerr << "standin: \x1b[31mno such database\x1b[0m" << std::endl;
    return 3;
  }
  if (is_set("--ignores-term")) std::signal(SIGTERM, SIG_IGN);
  if (is_set("--grandchildren")) {
    for (int i = 0; i < 3; ++i) start_grandchild();
  }
  if (is_set("--talks-first")) talk_first();
  if (is_set("--long-line")) write_text("{\"x\":\"" + std::string(17 << 20, 'x') + "\"}\n");
  if (const std::string words = value_of("says"); !words.empty()) std::cerr << words << std::endl;
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) take_line(line);
  while (is_set("--ignores-term")) ::pause();
  return 0;
}
