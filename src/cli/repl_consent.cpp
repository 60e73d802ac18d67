// SPDX-License-Identifier: Apache-2.0
#include "repl_consent.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "chatvim/text/lines.hpp"
#include "output.hpp"

namespace chatvim::cli {

namespace {

using Kind = toolbox::Decision::Kind;

struct Choice {
  std::string_view word;
  Kind kind;
};

constexpr std::array kChoices = {
    Choice{"once", Kind::kOnce},       Choice{"answer", Kind::kAnswer},
    Choice{"session", Kind::kSession}, Choice{"always", Kind::kAlways},
    Choice{"no", Kind::kRefuse},       Choice{"stop", Kind::kStop},
};

bool is_offered(const Choice& choice, const toolbox::Question& question) {
  return choice.kind != Kind::kAlways || question.can_remember;
}

std::string prompt_for(const toolbox::Question& question) {
  std::string words;
  for (const Choice& choice : kChoices) {
    if (!is_offered(choice, question)) continue;
    words += (words.empty() ? "" : ", ") + std::string(choice.word);
  }
  return "Allow it? (" + words + ") ";
}

std::optional<Kind> decision_in(std::string_view line, const toolbox::Question& question) {
  const std::string_view word = text::trim(line);
  const auto found = std::find_if(kChoices.begin(), kChoices.end(), [&](const Choice& choice) {
    return choice.word == word && is_offered(choice, question);
  });
  return found == kChoices.end() ? std::nullopt : std::optional(found->kind);
}

void ask_again(ReplInput& input, const toolbox::Question& question,
               std::function<void(toolbox::Decision)> reply) {
  input.ask(prompt_for(question), [&input, question, reply = std::move(reply)](
                                      const std::optional<std::string>& line) mutable {
    if (!line) return reply({});
    if (const auto kind = decision_in(*line, question)) return reply({*kind});
    ask_again(input, question, std::move(reply));
  });
}

}  // namespace

toolbox::Asker ask_on(ReplInput& input) {
  return [&input](const toolbox::Question& question, std::function<void(toolbox::Decision)> reply) {
    // Only an editor has texts that are not saved.
    if (question.kind == toolbox::Question::Kind::kBuffer) return reply({});
    say_lines(toolbox::describe_at_length(question) + "\n");
    ask_again(input, question, std::move(reply));
  };
}

}  // namespace chatvim::cli
