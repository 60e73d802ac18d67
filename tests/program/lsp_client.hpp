// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "home.hpp"
#include "process.hpp"

namespace chatvim::testing {

/// Returns a message of the protocol with its header.
std::string framed(std::string_view body);

/// A client of `chatvim lsp`, with the texts of its open documents. It applies the edits that the
/// server asks for and reports them, as an editor does.
class LspClient {
 public:
  explicit LspClient(const Home& home);

  /// Sends `initialize` and `initialized`; returns the server's capabilities.
  Json initialize(const Json& capabilities = capabilities_of_most());
  /// Sends a request and waits for its result. An error fails the test.
  Json request(const std::string& method, const Json& params);
  /// Sends a request and waits for the code of its error.
  int error_of(const std::string& method, const Json& params);
  /// Sends a request without waiting; returns its id.
  int begin(const std::string& method, const Json& params);
  /// Waits for the response to a request.
  Json response(const Json& id);
  void notify(const std::string& method, const Json& params);
  /// Waits for the next notification or request of the server with this name, and removes it.
  Json wait(const std::string& method);
  int count(const std::string& method) const;

  /// Opens a document of this home and returns its URI.
  std::string open(const std::string& name, std::string_view text);
  /// Inserts a text at a line of an open document, as its user would.
  void type(const std::string& uri, std::size_t line, const std::string& text);
  /// Removes the lines from `first` up to, but not including, `last`.
  void remove(const std::string& uri, std::size_t first, std::size_t last);
  const std::string& text(const std::string& uri) { return texts_[uri]; }
  /// Waits until a document's text satisfies a condition; edits are applied meanwhile.
  void wait_for_text(const std::string& uri, const std::function<bool(const std::string&)>& done);
  /// Returns `textDocument` and `position` of a request.
  static Json at(const std::string& uri, std::size_t line, std::size_t character);

  /// How the user answers a question: the title that is chosen, or "".
  std::string choice;
  /// Whether edits are refused.
  bool refuses_edits = false;
  /// Whether `workspace/applyEdit` is never answered.
  bool is_deaf = false;
  /// Changes the text of each edit, as an editor that formats what it inserts does.
  std::function<std::string(std::string)> formatter = [](std::string text) { return text; };
  /// Messages of `window/showMessage` and `window/showMessageRequest`.
  std::vector<std::string> shown;

  /// Sends a message as it is.
  void send(const Json& message);
  void send_bytes(std::string_view bytes) { process_.write(bytes); }
  Process& process() { return process_; }

  static Json capabilities_of_most();

 private:
  bool take_messages();
  void take(const Json& message);
  Json answer_request(const std::string& method, const Json& params);
  bool apply(const Json& workspace_edit);
  void change(const std::string& uri, const Json& range, const std::string& with);

  Process process_;
  std::string received_;
  std::vector<Json> waiting_;
  std::map<std::string, std::string> texts_;
  std::map<std::string, int> versions_;
  std::string folder_;
  int last_id_ = 0;
};

}  // namespace chatvim::testing
