// SPDX-License-Identifier: Apache-2.0
#include "playlist.h"

#include <algorithm>

#include "demo.h"
#include "request_json.h"

namespace chatvim::standin {
namespace {

// A request whose model is parsed only if a reply depends on it, and then once.
class Candidate {
 public:
  explicit Candidate(const HttpRequest& request) : request_(request) {}

  bool fits(const Match& match) {
    return (match.method.empty() || match.method == request_.method) &&
           (match.path.empty() || match.path == request_.path()) &&
           (match.body.empty() || request_.body.find(match.body) != std::string::npos) &&
           (match.model.empty() || match.model == model());
  }

 private:
  const std::string& model() {
    if (!model_) model_ = model_of(request_.body);
    return *model_;
  }

  const HttpRequest& request_;
  std::optional<std::string> model_;
};

}  // namespace

void Playlist::set_initial(Script script) {
  {
    const std::lock_guard lock(mutex_);
    initial_ = std::move(script);
  }
  reset();
}

void Playlist::load(const Script& script, bool append) {
  const std::lock_guard lock(mutex_);
  if (!append) replies_.clear();
  replies_.insert(replies_.end(), script.replies.begin(), script.replies.end());
  scripted_ = true;
  if (script.greeting) greeting_ = *script.greeting;
}

void Playlist::reset() {
  const std::lock_guard lock(mutex_);
  replies_.clear();
  scripted_ = initial_.has_value();
  greeting_ = Greeting::kServe;
  if (!initial_) return;
  replies_.assign(initial_->replies.begin(), initial_->replies.end());
  greeting_ = initial_->greeting.value_or(Greeting::kServe);
}

std::shared_ptr<const Reply> Playlist::choose(const HttpRequest& request) {
  {
    const std::lock_guard lock(mutex_);
    Candidate candidate(request);
    const auto found = std::find_if(replies_.begin(), replies_.end(), [&](const auto& reply) {
      return candidate.fits(reply->match);
    });
    if (found != replies_.end()) {
      std::shared_ptr<const Reply> reply = *found;
      if (!reply->repeat) replies_.erase(found);
      return reply;
    }
    if (scripted_) return error_reply(501, "The stand-in's script has no reply for this request.");
  }
  return demo_reply(request);
}

Greeting Playlist::greeting() const {
  const std::lock_guard lock(mutex_);
  return greeting_;
}

std::size_t Playlist::size() const {
  const std::lock_guard lock(mutex_);
  return replies_.size();
}

}  // namespace chatvim::standin
