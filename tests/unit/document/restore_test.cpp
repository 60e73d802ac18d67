// SPDX-License-Identifier: Apache-2.0
// An interrupted answer is restored as if it had been stopped, whatever part of the document was
// saved.
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/document/restore.hpp"
#include "document_support.hpp"
#include "property.hpp"
#include "restore_support.hpp"

namespace chatvim::document::restore_test {
namespace {

using namespace std::string_literals;
using testing::Buffer;
using testing::buffer_lines;
using testing::messages_of;

using testing::applied;
using testing::restored;
using testing::stopped;

/// Returns an answer to `document` that was interrupted after `reply`.
LostAnswer cut_off(const std::string& document, const std::string& reply,
                   const std::string& reasoning = "", const Format& format = {}) {
  const auto lines = buffer_lines(document);
  ReplyWriter writer(format, read_tail(lines, format));
  LostAnswer lost{format, read_lead(lines, format), "", ""};
  lost.text = writer.reasoning(reasoning).text + writer.answer(reply).text;
  lost.ending = writer.ending().text;
  return lost;
}

const std::string kUser = "\n\n# === USER ===\n\n";
const std::string kAssistant = "\n\n# === ASSISTANT ===\n\n";

std::vector<std::string> tokens_of(const Format& format) {
  std::vector<std::string> tokens = {"\n",
                                     "\n\n",
                                     " ",
                                     "\\",
                                     "x",
                                     "word and word",
                                     "\n```\n",
                                     "```",
                                     "~~~",
                                     "\n---\n",
                                     "\n+++\n",
                                     "\n# Heading\n",
                                     "\xC3\xBC ",
                                     "\n- item ",
                                     "\n</details>",
                                     "a longer sentence. "};
  for (const Role role : {Role::kUser, Role::kAssistant, Role::kSystem}) {
    const std::string line(format.delimiter_of(role));
    tokens.push_back("\n" + line + "\n");
    tokens.push_back("\n\n" + line + " \n\n");
    tokens.push_back(line.substr(0, line.size() / 2));
  }
  return tokens;
}

std::string text_of(const Format& format) {
  const auto tokens =
      *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(tokens_of(format)));
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

/// A document and an interrupted answer to it.
struct Loss {
  std::string document;
  LostAnswer lost;
};

Loss any_loss(const Format& format) {
  const std::string front = *rc::gen::element(""s, ""s, "---\n"s, "+++\nx = 1\n+++\n"s, "q"s);
  const std::string document = front + text_of(format);
  // An answer needs a question.
  const auto messages = messages_of(document, format);
  const bool answerable = !messages.empty() && messages.back().role == Role::kUser;
  RC_PRE(answerable);
  const std::string reasoning = *rc::gen::element(""s, ""s, "thought"s, "```\n</details>"s);
  LostAnswer lost = cut_off(document, text_of(format), reasoning, format);
  return {document, std::move(lost)};
}

Format any_format() {
  Format format;
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      format.user_delimiter = "```";
      format.assistant_delimiter = "~~~";
      break;
    case 1:
      format.user_delimiter = "U";
      format.assistant_delimiter = "\\U";
      format.delimiter_prefix = "\n";
      format.delimiter_suffix = " ";
      break;
    default:
      break;
  }
  return format;
}

TEST_CASE("a document saved at any point of the answer gets the rest", "[restore]") {
  CHECK(testing::holds("save points", 4000, [] {
    const Loss loss = any_loss(any_format());
    const std::string whole = stopped(loss.document, loss.lost);
    const auto saved = *rc::gen::inRange(loss.document.size(), whole.size() + 1);
    RC_LOG() << "saved:\n" << whole.substr(0, saved) << "|\nwhole:\n" << whole << "|\n";
    RC_ASSERT(restored(whole.substr(0, saved), loss.lost) == whole);
  }));
}

TEST_CASE("a missing or partly saved question is restored with its answer", "[restore]") {
  CHECK(testing::holds("unsaved questions", 3000, [] {
    const Loss loss = any_loss(any_format());
    const Lead& lead = loss.lost.lead;
    RC_PRE(lead.start != Lead::Start::kCut);
    const bool delimited = lead.start == Lead::Start::kMessage;
    const std::size_t least = delimited ? lead.at + lead.text.find('\n') : 0;
    const auto saved = *rc::gen::inRange(least, loss.document.size() + 1);
    const std::string whole = stopped(loss.document, loss.lost);
    RC_LOG() << "saved:\n" << whole.substr(0, saved) << "|\nwhole:\n" << whole << "|\n";
    RC_ASSERT(restored(whole.substr(0, saved), loss.lost) == whole);
  }));
}

TEST_CASE("text below the answer stays below and reads as before", "[restore]") {
  CHECK(testing::holds("text below", 3000, [] {
    const Loss loss = any_loss({});
    RC_PRE(!loss.lost.ending.empty());
    const auto kept = *rc::gen::inRange<std::size_t>(0, loss.lost.text.size() + 1);
    // The document as Lua leaves it when the program dies, and a next question.
    const std::string below = kUser + "NEXT";
    const std::string document = loss.document + loss.lost.text.substr(0, kept) + below;
    const std::string result = restored(document, loss.lost);
    RC_LOG() << "document:\n" << document << "|\nresult:\n" << result << "|\n";
    RC_ASSERT(result.ends_with("NEXT"));
    RC_ASSERT(messages_of(result) == messages_of(stopped(loss.document, loss.lost) + "NEXT"));
  }));
}

TEST_CASE("restoring never removes text, and a second time adds nothing", "[restore]") {
  CHECK(testing::holds("any document", 4000, [] {
    const Format format = any_format();
    const Loss loss = any_loss(format);
    // Short texts such as "yes" may legitimately occur elsewhere as another answer.
    RC_PRE(count_answer(loss.lost) > 20U);
    const std::string document = text_of(format);
    const Restoration edit = restore(document, loss.lost);
    RC_ASSERT(edit.removed == 0U);
    RC_ASSERT(edit.offset <= document.size());
    const std::string result = applied(document, edit);
    RC_LOG() << "lead:\n"
             << loss.lost.lead.text << "|\ndocument:\n"
             << document << "|\nresult:\n"
             << result << "|\n";
    RC_ASSERT(restored(result, loss.lost) == result);
  }));
}

TEST_CASE("text above the answer may have changed", "[restore]") {
  const std::string question = "Intro" + kUser + "What is it?";
  const LostAnswer lost = cut_off(question, "It is a fine thing.\n\nAnd so is this.");
  const std::string whole = stopped(question, lost);
  for (std::size_t saved = question.size(); saved <= whole.size(); ++saved) {
    INFO(saved);
    CHECK(restored("A longer " + whole.substr(0, saved), lost) == "A longer " + whole);
  }
}

TEST_CASE("if a question was asked twice, the second one gets the answer", "[restore]") {
  const std::string first = "go on" + kAssistant + "Hello there" + kUser;
  const LostAnswer lost = cut_off(first + "go on", "Hello, how are you?");
  const std::string whole = stopped(first + "go on", lost);
  CHECK(restored(first, lost) == whole);
  CHECK(restored(first + "go on", lost) == whole);
  CHECK(restored(first + "go on" + kAssistant + "Hel", lost) == whole);
  // The same question is asked a third time, below the delimiter that Lua wrote.
  CHECK(restored(first + "go on" + kAssistant + "Hel" + kUser + "go on", lost) == whole + "go on");
  // Nothing of the second turn was saved, not even its delimiter.
  const std::string long_gone = "x" + kUser + "go on" + kAssistant + "Other";
  CHECK(restored(long_gone, lost) == long_gone + kUser + "go on" + lost.text + lost.ending);
}

TEST_CASE("notes below a partly saved answer stay below it", "[restore]") {
  const LostAnswer lost = cut_off("Q", "one\ntwo\n\nThat is three");
  const std::string whole = stopped("Q", lost);
  for (const char* kept : {"one", "one\ntwo"}) {
    for (const char* note : {"\nmy note", "\n\nThanks", "\n\nThat's it", "\ntoo short"}) {
      INFO(kept << note);
      CHECK(restored("Q" + kAssistant + kept + note, lost) == whole + note);
    }
  }
}

TEST_CASE("a completely saved answer is not changed", "[restore]") {
  const LostAnswer lost = cut_off("Q", "It is here.\n\n```c\nint x;\n");
  const std::string whole = stopped("Q", lost);
  CHECK(lost.ending == "\n```" + kUser);
  CHECK(restore(whole, lost).text.empty());
  CHECK(restore(whole + "Next" + kAssistant + "More" + kUser, lost).text.empty());
  // Only the closing fence or the delimiter is missing.
  CHECK(restored("Q" + lost.text + kUser, lost) == whole);
  CHECK(restored("Q" + lost.text + "\n```", lost) == whole);
  CHECK(restored("Q" + lost.text + "\n```\n\nmine", lost) == whole + "\n\nmine");
}

TEST_CASE("a document with more text than the journal gets no delimiter inside it", "[restore]") {
  const std::string reply = "One two three.\n\nFour `five` six. \n\n```\nseven\n```\neight nine";
  const std::string whole = stopped("Q", cut_off("Q", reply));
  for (std::size_t size = 1; size <= reply.size(); ++size) {
    const LostAnswer lost = cut_off("Q", reply.substr(0, size));
    INFO(size);
    // The document as Lua leaves it when the program dies.
    CHECK(restored(whole, lost) == whole);
    CHECK(restored(whole + "Next", lost) == whole + "Next");
    // As saved when both died: inside a line it is clear which text belongs to the answer.
    if (reply[size - 1] == '\n' || reply[size] == '\n' || size == reply.size()) continue;
    if (reply.find("```") < size) continue;
    CHECK(restored("Q" + kAssistant + reply, lost) == whole);
  }
}

TEST_CASE("an answer edited in the meantime gets only the missing rest", "[restore]") {
  const std::string reply =
      "The first sentence of it is long enough. The second sentence of it is longer still.";
  const LostAnswer lost = cut_off("Q", reply + " The third.");
  const std::string changed = "Q" + kAssistant + "Our first sentence of it is long enough. " +
                              "The second sentence of it is longer still.";
  CHECK(restored(changed, lost) == changed + " The third." + kUser);
  CHECK(restored(changed + kUser + "Next", lost) == changed + " The third." + kUser + "Next");
}

TEST_CASE("a reformatted answer gets only the missing rest", "[restore]") {
  const LostAnswer lost = cut_off("Q", "- _first_ thing\n- second thing\n- third _thing_ and more");
  const std::string formatted =
      "Q" + kAssistant + "* *first* thing\n* second thing\n* third *thing*";
  CHECK(restored(formatted, lost) == formatted + " and more" + kUser);
  CHECK(restored(formatted + kUser + "Next", lost) == formatted + " and more" + kUser + "Next");
}

TEST_CASE("if nothing matches, question and answer are appended with delimiters", "[restore]") {
  const LostAnswer bare = cut_off("+++\nmodel = \"m\"\n+++\nMy question", "An answer");
  const std::string answer = "My question" + kAssistant + "An answer" + kUser;
  CHECK(restored("Something else", bare) == "Something else" + kUser + answer);
  CHECK(restored("Something else" + kUser, bare) == "Something else" + kUser + answer);
  CHECK(restored("My questions", bare) == "My questions" + kUser + answer);
  // Front matter is restored only if the document is empty.
  CHECK(restored("", bare) == "+++\nmodel = \"m\"\n+++\n" + answer);
  CHECK(restored("+++\nmodel = \"n\"\n+++\nMy quest", bare) ==
        "+++\nmodel = \"n\"\n+++\n" + answer);

  const LostAnswer delimited = cut_off("A" + kAssistant + "B" + kUser + "C", "D");
  const std::string turn = "# === USER ===\n\nC" + kAssistant + "D" + kUser;
  CHECK(restored("", delimited) == turn);
  CHECK(restored("Something", delimited) == "Something\n\n" + turn);
  CHECK(restored("Something\n", delimited) == "Something\n\n" + turn);
  CHECK(restored("Something" + kUser, delimited) == "Something\n\n" + turn);
}

TEST_CASE("text to be replaced is removed with the answer's first word", "[restore]") {
  const std::string before = "Q" + kAssistant;
  LostAnswer lost = cut_off("Q", "A new answer");
  lost.lead.replaced = kAssistant + "An old answer";
  const std::string whole = stopped("Q", lost);
  CHECK(restored("Q" + lost.lead.replaced, lost) == whole);
  CHECK(restored("Q" + lost.lead.replaced + kUser + "Next", lost) == whole + "Next");
  CHECK(restored(before + "A new", lost) == whole);
  CHECK(restored(whole, lost) == whole);
  lost.text.clear();
  lost.ending.clear();
  CHECK(restored("Q" + lost.lead.replaced, lost) == "Q" + lost.lead.replaced);
}

TEST_CASE("a continued answer is restored", "[restore]") {
  const std::string before = "Q" + kAssistant + "One two";
  const Format format;
  LostAnswer lost{format, read_lead(buffer_lines(before), format), " three four", kUser};
  lost.lead.replaced = kUser;
  CHECK(lost.lead.text == "# === ASSISTANT ===\n\nOne two");
  const std::string whole = before + " three four" + kUser;
  CHECK(restored(before + kUser, lost) == whole);
  CHECK(restored(before + " thr", lost) == whole);
  CHECK(restored(before, lost) == whole);
  CHECK(restored(whole, lost) == whole);
}

TEST_CASE("the lead is the last message with text, or a limited end of the document", "[restore]") {
  const Format format;
  const auto lead = [&format](const std::string& text) {
    return read_lead(buffer_lines(text), format);
  };
  Lead found = lead("Q");
  CHECK((found.start == Lead::Start::kDocument && found.at == 0 && found.text == "Q"));
  found = lead("A" + kAssistant + "B" + kUser + "C" + kUser);
  CHECK((found.start == Lead::Start::kMessage && found.text == "# === USER ===\n\nC" + kUser));
  CHECK(found.at == ("A" + kAssistant + "B\n\n").size());
  found = lead("+++\n# === USER ===\n+++\nQ");
  CHECK(found.start == Lead::Start::kDocument);

  const std::string line = std::string(999, 'x') + "\n";
  std::string huge;
  for (int i = 0; i < 100; ++i) huge += line;
  found = lead(huge);
  CHECK(found.start == Lead::Start::kCut);
  CHECK(found.text.size() == 65000);
  CHECK(huge.substr(found.at) == found.text);
  CHECK(lead("# === USER ===\n" + huge).start == Lead::Start::kMessage);
  std::string one_line = "\xC3\xBC";
  while (one_line.size() < 100001) one_line += "\xC3\xBC";
  found = lead(one_line);
  CHECK((found.text.size() <= 65536 && found.text.size() > 65530));
  CHECK(found.text.starts_with("\xC3\xBC"));

  for (const std::string& question : {huge, one_line}) {
    const LostAnswer lost = cut_off(question, "An answer of some length.");
    const std::string whole = stopped(question, lost);
    // In parentheses, because a failure would print both texts.
    CHECK((restored(question, lost) == whole));
    CHECK((restored(whole.substr(0, whole.size() - 20), lost) == whole));
    CHECK((restored("x" + whole.substr(0, whole.size() - 20), lost) == "x" + whole));
    CHECK(restored("", lost).ends_with(lost.text + lost.ending));
  }
}

TEST_CASE("the characters of an answer are counted without its delimiters", "[restore]") {
  CHECK(count_answer(cut_off("Q", "12\xC3\xBC")) == 3);
  CHECK(count_answer(cut_off("Q", "")) == 0);
  // Text that is held back, because it may become a delimiter, counts too.
  CHECK(count_answer(cut_off("Q", "# === US")) == 8);
}

}  // namespace
}  // namespace chatvim::document::restore_test
