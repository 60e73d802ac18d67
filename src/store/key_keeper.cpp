// SPDX-License-Identifier: Apache-2.0
#include "chatvim/store/key_keeper.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "chatvim/store/stored_keys.hpp"
#include "chatvim/text/lines.hpp"
#include "chatvim/text/redact.hpp"
#include "chatvim/text/utf8.hpp"
#include "keyring.hpp"

namespace chatvim::store {

namespace {

using Ended = loop::ChildProcess::Result;

constexpr std::chrono::seconds kKeyringLimit{60};
constexpr std::size_t kMostComplaint = 300;

/// Returns what a program wrote about its failure, in one line and without the key.
std::string words_of(const Ended& ended, const std::string& key = "") {
  if (ended.timed_out) {
    return fmt::format("it did not answer within {} seconds", kKeyringLimit.count());
  }
  const std::vector<std::string> secrets{key};
  const std::string words = text::printable(
      key.empty() ? ended.error_output : text::redact(ended.error_output, secrets), kMostComplaint);
  const auto end = words.find_last_not_of(" .");
  if (end == std::string::npos) return fmt::format("exit code {}", ended.exit_code);
  return words.substr(0, end + 1);
}

bool has_failed(const Ended& ended) { return ended.timed_out || ended.exit_code != 0; }

}  // namespace

KeyKeeper::KeyKeeper(loop::Multiplexer& multiplexer, Environment environment,
                     std::vector<std::string> withheld)
    : multiplexer_(multiplexer),
      environment_(std::move(environment)),
      withheld_(std::move(withheld)) {}

Result<KeyKeeper::Stored> KeyKeeper::set(const std::string& provider, const std::string& key,
                                         bool in_file) {
  // Before the keyring takes the key, which could not be noted then.
  if (auto checked = check_stored_keys(environment_); !checked) {
    return tl::unexpected(checked.error());
  }
  const auto why = in_file ? Result<std::string>() : why_no_keyring(provider);
  if (!why) return tl::unexpected(why.error());
  Stored stored{provider::KeyPlace::kFile, *why};
  if (!in_file && stored.why.empty()) {
    stored.place = provider::KeyPlace::kKeyring;
    if (auto put = put_in_keyring(provider, key); !put) return tl::unexpected(put.error());
  }
  // A key that is in the keyring now leaves the file.
  const bool to_file = stored.place == provider::KeyPlace::kFile;
  const bool was_in_file = !read_key_value(environment_, provider).empty();
  if (to_file || was_in_file) {
    if (auto put = write_key_value(environment_, provider, to_file ? key : ""); !put) {
      return tl::unexpected(put.error());
    }
  }
  if (auto noted = note_stored_key(environment_, provider, stored.place); !noted) {
    return tl::unexpected(noted.error());
  }
  return stored;
}

Result<void> KeyKeeper::remove(const std::string& provider, provider::KeyPlace place) {
  if (place == provider::KeyPlace::kKeyring) {
    const auto ended = run(keyring_remove(system_keyring(), provider).arguments);
    if (!ended) return tl::unexpected(ended.error());
    // Without words, there was no such key.
    if (has_failed(*ended) && !(ended->exit_code != 0 && text::is_blank(ended->error_output))) {
      return tl::unexpected(
          Error{ErrorCode::kKeyFailed, fmt::format("Unlock the keyring, and try again: it has not "
                                                   "removed the key of {}: {}.",
                                                   provider, words_of(*ended))});
    }
  } else if (auto put = write_key_value(environment_, provider, ""); !put) {
    return put;
  }
  return note_stored_key(environment_, provider, provider::KeyPlace::kNowhere);
}

/// Runs a program until it ends.
Result<Ended> KeyKeeper::run(const std::vector<std::string>& arguments, const std::string& input) {
  loop::Loop loop(multiplexer_);
  const loop::Interrupts interrupts(loop, [&loop](loop::Interrupt) { loop.quit(); });
  std::optional<Ended> result;
  auto child = loop::ChildProcess::start(
      loop, arguments, kKeyringLimit,
      [&loop, &result](Ended ended) {
        result = std::move(ended);
        loop.post([&loop] { loop.quit(); });
      },
      withheld_, input);
  if (!child) {
    return tl::unexpected(
        Error{ErrorCode::kKeyFailed,
              fmt::format("{} cannot be started: {}.", arguments.front(), child.error().message)});
  }
  loop.run();
  if (!result)
    return tl::unexpected(Error{ErrorCode::kInterrupted, "Interrupted; nothing was stored."});
  return std::move(*result);
}

/// Returns why the system's keyring cannot be used, as a clause, or "".
Result<std::string> KeyKeeper::why_no_keyring(const std::string& provider) {
  if (!is_keyring_name(provider)) return "the name cannot be used in the system's keyring";
  const auto command = keyring_lookup(system_keyring(), provider);
  const auto ended = run(command.arguments);
  if (!ended && ended.error().code == ErrorCode::kInterrupted) {
    return tl::unexpected(ended.error());
  }
  if (!ended) return fmt::format("{} is not installed", command.arguments.front());
  // security complains about a missing key, in exit code 44; secret-tool says nothing then.
  constexpr int kNotFound = 44;
  const bool answers =
      !ended->timed_out && (ended->exit_code == 0 || ended->exit_code == kNotFound ||
                            text::is_blank(ended->error_output));
  return answers ? "" : fmt::format("the system's keyring does not answer: {}", words_of(*ended));
}

Result<void> KeyKeeper::put_in_keyring(const std::string& provider, const std::string& key) {
  const auto failed = [](const std::string& words) {
    return tl::unexpected(Error{ErrorCode::kKeyFailed,
                                fmt::format("Unlock the keyring, or give --in-file: it has not "
                                            "taken the key: {}; nothing was stored.",
                                            words)});
  };
  const auto command = keyring_store(system_keyring(), provider, key);
  const auto ended = run(command.arguments, command.input);
  if (!ended) return tl::unexpected(ended.error());
  if (has_failed(*ended)) return failed(words_of(*ended, key));
  // security -i ends with exit code 0 even if a command failed.
  const auto stored = run(keyring_lookup(system_keyring(), provider).arguments);
  if (!stored) return tl::unexpected(stored.error());
  if (key_in(stored->output, "the keyring").value_or("") != key) {
    return failed("it does not give it back");
  }
  return {};
}

}  // namespace chatvim::store
