// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "chatvim/error.hpp"
#include "chatvim/http/client.hpp"
#include "chatvim/provider/catalogue.hpp"
#include "chatvim/provider/table.hpp"
#include "chatvim/store/keys.hpp"

namespace chatvim::completion {

/// Asks a provider for the models that it has, all pages of its list. Destroying it cancels it.
class RemoteModels final : private http::Handler {
 public:
  using Callback = std::function<void(Result<std::vector<provider::Model>>)>;

  /// The client and the key ring must outlive it. It calls back once, perhaps within `start`.
  RemoteModels(http::Client& client, store::KeyRing& keys, provider::Provider provider,
               Callback callback);
  RemoteModels(const RemoteModels&) = delete;
  RemoteModels& operator=(const RemoteModels&) = delete;
  ~RemoteModels() override;

  void start();

 private:
  void ask(const std::string& after);
  void end(Result<std::vector<provider::Model>> result);
  void fail(ErrorCode code, std::string_view what);

  void on_connected() override {}
  void on_head(int status, const http::Headers& headers) override;
  void on_body(std::string_view bytes) override;
  void on_end(Result<void> result) override;

  http::Client& client_;
  store::KeyRing& keys_;
  provider::Provider provider_;
  Callback callback_;
  std::string key_;
  std::unique_ptr<store::KeyRing::Lookup> lookup_;
  std::unique_ptr<http::Transfer> transfer_;
  int status_ = 0;
  std::string body_;
  std::vector<provider::Model> models_;
  int pages_ = 0;
};

}  // namespace chatvim::completion
