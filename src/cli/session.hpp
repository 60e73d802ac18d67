// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "chat_file.hpp"
#include "chatvim/chat/chat.hpp"
#include "chatvim/chat/plan.hpp"
#include "chatvim/http/curl_client.hpp"
#include "chatvim/loop/loop.hpp"
#include "chatvim/store/calibration.hpp"
#include "chatvim/store/keys.hpp"
#include "chatvim/toolbox/toolbox.hpp"
#include "input.hpp"
#include "options.hpp"
#include "sinks.hpp"

namespace chatvim::cli {

/// What answers share: connections, keys, the servers of tools, what was allowed. One for each run
/// of the program.
struct Session {
  explicit Session(const Environment& surroundings);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Environment& environment;
  store::Calibration calibration;
  http::CurlClient client;
  loop::Loop loop;
  toolbox::Toolbox tools;
  store::KeyRing keys;
  bool terminated = false;  ///< the program was asked to end (SIGTERM) during an answer
};

using MakeSink = std::function<std::unique_ptr<OutcomeSink>(
    const chat::Plan&, completion::AnswerEnding ending, std::function<void()> on_ended)>;

/// Sends the chat that `file` holds ("" for none) and runs the loop until the answer has ended.
/// CTRL-C stops the answer. Returns the exit code, after reporting errors.
int answer(Session& session, const Options& options, const std::string& file, chat::Chat chat,
           const MakeSink& make_sink);

/// Whether reasoning is written to the chat's file.
bool keeps_reasoning(const chat::Chat& chat);

/// Adds the question in `input` and its answer to the file, which may not exist yet, and prints the
/// answer. The question is written with the first text of its answer, so that a failed request
/// leaves the file as it was. `dress` may change the sink, for example to color what it prints.
int ask_in_file(Session& session, const Options& options, Input& input,
                const std::function<void(FileSink&)>& dress = nullptr);

/// Answers the chat that ends the file of `input` and writes the answer to the file, in the way the
/// options say.
int write_answer(Session& session, const Options& options, const Input& input, chat::Chat chat,
                 FileSink::Echo echo, const std::function<void(FileSink&)>& dress = nullptr);

/// Reads the file's bytes and lines into `input`; a missing file is empty.
Result<void> read_chat_file(const std::string& path, Input& input);

/// Returns the writer of the chat's answer, at the place that its mode says.
document::ReplyWriter writer_of(const chat::Chat& chat);

}  // namespace chatvim::cli
