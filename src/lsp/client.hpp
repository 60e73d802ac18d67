// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "chatvim/json.hpp"
#include "features.hpp"

namespace chatvim::lsp {

/// What the server sends on its own: requests to the client, and notifications.
class Client {
 public:
  /// Types of messages.
  static constexpr int kError = 1;
  static constexpr int kWarning = 2;
  static constexpr int kInformation = 3;

  /// Gets the result of a request, or the client's error in `problem`.
  using Callback = std::function<void(const Json& result, const Json& problem)>;

  explicit Client(std::function<void(const Json&)> send) : send_(std::move(send)) {}

  const ClientTraits& traits() const { return traits_; }
  void set_traits(ClientTraits traits) { traits_ = traits; }

  /// Sends a request; `callback` may be empty.
  void request(const char* method, Json params, Callback callback);
  void notify(const char* method, Json params);
  /// Takes the client's response to a request.
  void take(const Json& response);

  void publish_diagnostics(const std::string& uri, std::optional<std::int64_t> version, Json items);
  /// Shows a message of a type.
  void show(int type, const std::string& message);
  /// Asks the user to choose one of some titles; "" if nothing is chosen.
  void choose(int type, const std::string& message, const std::vector<std::string>& titles,
              const std::function<void(const std::string&)>& callback);
  /// Applies edits to the text of a document of this version. Clients that cannot check the version
  /// apply them to whatever they have.
  void apply_edit(const std::string& label, const std::string& uri, std::int64_t version,
                  Json edits, Callback callback);

 private:
  std::function<void(const Json&)> send_;
  ClientTraits traits_;
  std::map<std::int64_t, Callback> waiting_;
  std::int64_t last_id_ = 0;
};

}  // namespace chatvim::lsp
