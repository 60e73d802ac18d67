// SPDX-License-Identifier: Apache-2.0
#include "chatvim/completion/remote_models.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "chatvim/provider/model_list.hpp"
#include "chatvim/store/secrets.hpp"
#include "chatvim/wire/decoder.hpp"
#include "chatvim/wire/encoder.hpp"
#include "explain.hpp"

namespace chatvim::completion {

namespace {

constexpr std::size_t kMostListBytes = 32 * 1024 * 1024;
constexpr int kMostPages = 100;

}  // namespace

RemoteModels::RemoteModels(http::Client& client, store::KeyRing& keys, provider::Provider provider,
                           Callback callback)
    : client_(client),
      keys_(keys),
      provider_(std::move(provider)),
      callback_(std::move(callback)) {}

RemoteModels::~RemoteModels() = default;

void RemoteModels::start() {
  lookup_ = keys_.find(provider_, [this](Result<std::string> key) {
    if (!key) return end(tl::unexpected(key.error()));
    key_ = std::move(*key);
    ask("");
  });
}

void RemoteModels::ask(const std::string& after) {
  status_ = 0;
  body_.clear();
  http::Request request;
  request.method = http::Method::kGet;
  request.url = provider::models_url(provider_);
  if (!after.empty()) {
    request.url +=
        (request.url.find('?') == std::string::npos ? "?after_id=" : "&after_id=") + after;
  }
  request.headers = wire::encode_headers(provider_, key_);
  request.proxy = provider_.proxy;
  request.ca_file = provider_.ca_file;
  request.connect_timeout = provider_.connect_timeout;
  request.idle_timeout = provider_.idle_timeout;
  transfer_ = client_.start(std::move(request), *this);
}

void RemoteModels::on_head(int status, const http::Headers&) { status_ = status; }

void RemoteModels::on_body(std::string_view bytes) {
  if (body_.size() + bytes.size() > kMostListBytes) {
    return fail(ErrorCode::kProtocol, "the list of models is longer than 32 MiB");
  }
  body_.append(bytes);
}

void RemoteModels::on_end(Result<void> result) {
  if (!result) return fail(result.error().code, result.error().message);
  if (status_ < 200 || status_ >= 300)
    return end(tl::unexpected(explain_list(provider_, status_, body_)));
  auto page = provider::read_model_page(body_);
  if (!page) return fail(page.error().code, page.error().message);
  models_.insert(models_.end(), std::make_move_iterator(page->models.begin()),
                 std::make_move_iterator(page->models.end()));
  if (!page->after.empty() && ++pages_ < kMostPages) return ask(page->after);
  end(std::move(models_));
}

void RemoteModels::fail(ErrorCode code, std::string_view what) {
  end(tl::unexpected(Error{code, fmt::format("{}: {}", provider_.name, what)}));
}

void RemoteModels::end(Result<std::vector<provider::Model>> result) {
  transfer_.reset();
  // A server may repeat what it was sent, as the name of a model too.
  const store::Secrets secrets(provider_, key_);
  if (!result) result.error().message = secrets.hide(result.error().message);
  if (result) {
    for (auto& model : *result) model.name = secrets.hide_in_name(model.name);
  }
  // The callback may destroy this object.
  const Callback callback = std::exchange(callback_, nullptr);
  if (callback) callback(std::move(result));
}

}  // namespace chatvim::completion
