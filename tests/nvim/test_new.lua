-- SPDX-License-Identifier: Apache-2.0
-- :ChatvimNew opens a chat that is ready to type in, and writes nothing to disk.
local case = require("helpers.case")
local files = require("helpers.system")
local layout = require("helpers.layout")
local replies = require("helpers.replies")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local NAME = "^chat%-%d%d%d%d%-%d%d%-%d%d%-%d%d%-%d%d%-%d%d%.md$"

local function path(child)
  return child:api("nvim_buf_get_name", 0)
end

--- Starts a child with a stopped clock, so that file names are known.
local function stopped_clock(options)
  local child = case.child(options)
  child:lua([[
    local date = os.date
    os.date = function(format, ...)
      return format == "%Y-%m-%d-%H-%M-%S" and "2025-01-02-03-04-05" or date(format, ...)
    end
  ]])
  return child
end

T["a chat that is ready to type in, and not on disk before :w"] = function()
  local child = case.child()
  child:command("ChatvimNew")
  eq(vim.fs.dirname(path(child)), child.folder)
  eq(vim.fs.basename(path(child)):find(NAME), 1)
  eq(child:text(), case.EMPTY)
  eq(child:api("nvim_win_get_cursor", 0), { 3, 0 })
  eq(child:api("nvim_get_mode").mode, "n")
  eq(
    child:lua("return { vim.bo.filetype, vim.bo.buftype, vim.bo.modified }"),
    { "markdown", "", false }
  )
  eq(child:lua("return vim.fn.maparg('\\\\cvc', 'n')"), "<Plug>(chatvim-complete)")
  eq(vim.fn.readdir(child.folder), {})
  child:feed("iHello<Esc>")
  case.standin:script({ replies.answer("Hi.") })
  eq(child:complete().outcome, "done")
  eq(case.standin:requests()[1].json.messages, { { role = "user", content = "Hello" } })
  eq(child:text(), case.answered(case.EMPTY .. "Hello", "Hi."))
  child:command("write")
  eq(files.read(path(child)), child:text() .. "\n")
end

T["an untouched chat can be left without a message, and :w writes it"] = function()
  local child = case.child({ options = {}, commands = { "set nohidden" } })
  files.write(child.folder .. "/other.md", "other\n")
  child:command("ChatvimNew")
  child:command("write")
  eq(files.read(path(child)), case.EMPTY .. "\n")
  child:command("ChatvimNew")
  child:command("messages clear | edit other.md")
  eq(child:text(), "other")
  case.expect_calm(child)
end

T["undo does not go back beyond the initial text"] = function()
  local child = case.child()
  child:command("ChatvimNew")
  eq(child:lua("return { vim.bo.undolevels, vim.fn.undotree().seq_last }"), { -123456, 0 })
  child:feed("u")
  eq(child:text(), case.EMPTY)
  child:feed("iHello<Esc>u")
  eq({ child:text(), child:lua("return vim.bo.modified") }, { case.EMPTY, false })
  child:feed("u")
  eq(child:text(), case.EMPTY)
end

T["if a file or buffer has the name, a number is added and reported"] = function()
  local child = stopped_clock()
  local base = child.folder .. "/chat-2025-01-02-03-04-05"
  files.write(base .. ".md", "mine")
  child:command("ChatvimNew")
  eq(path(child), base .. "-2.md")
  case.expect_part(
    child:messages(),
    "there is a chat-2025-01-02-03-04-05.md already; this is chat-2025-01-02-03-04-05-2.md"
  )
  child:command("ChatvimNew")
  eq(path(child), base .. "-3.md")
  eq(files.read(base .. ".md"), "mine")
end

T["the chat folder: ~, a variable, relative, created if missing"] = function()
  for _, row in ipairs({
    { "~/chats", "/home/chats" },
    { "$SOME_PLACE/chats", "/place/chats" },
    { "below/it", "/work/below/it" },
    { "below/it/", "/work/below/it" },
  }) do
    local child = case.child({ options = { chat_dir = row[1] } })
    child:lua(
      "vim.env.HOME, vim.env.SOME_PLACE = ...",
      child.home .. "/home",
      child.home .. "/place"
    )
    child:command("ChatvimNew")
    eq({ row[1], vim.fs.dirname(path(child)) }, { row[1], child.home .. row[2] })
    eq(vim.fn.isdirectory(child.home .. row[2]), 1)
    child:command("write")
    eq(#vim.fn.readdir(child.home .. row[2]), 1)
    child:stop()
  end
end

T["a folder that cannot be used is one sentence, and nothing is opened"] = function()
  local child = case.child({ options = { chat_dir = "file" } })
  files.write(child.folder .. "/file", "")
  case.expect_refusal(child, "ChatvimNew", "work/file is not a folder; set the option `chat_dir`")
  case.expect_refusal(child, "ChatvimHelp", "work/file is not a folder; set the option `chat_dir`")
  child:lua([[vim.g.chatvim = vim.tbl_extend("force", vim.g.chatvim, { chat_dir = "file/x" })]])
  case.expect_refusal(child, "ChatvimNew", "work/file/x cannot be created: ")
  child:lua([[vim.g.chatvim = vim.tbl_extend("force", vim.g.chatvim, { chat_dir = "/proc/no/x" })]])
  case.expect_refusal(child, "ChatvimNew", "/proc/no/x cannot be created: ")
  case.expect_part(child:messages(), "; set the option `chat_dir`")
  child:lua([[vim.g.chatvim = vim.tbl_extend("force", vim.g.chatvim, { chat_dir = "$NO_SUCH/x" })]])
  case.expect_refusal(child, "ChatvimNew", "names $NO_SUCH, which is not set")
  -- Tests may run as root, who can write anywhere, so the check that Neovim makes is stubbed.
  child:lua([[
    vim.g.chatvim = vim.tbl_extend("force", vim.g.chatvim, { chat_dir = "" })
    vim.uv.fs_access = function()
      return false
    end
  ]])
  case.expect_refusal(child, "ChatvimNew", "no file can be written in " .. child.folder)
  case.expect_part(child:messages(), "chatvim: ")
  eq(child:api("nvim_get_vvar", "errmsg"), "")
end

T["a preset: named in the front matter, with the delimiters that it sets"] = function()
  local child = case.child()
  local folder = child.home .. "/config/chatvim/presets"
  vim.fn.mkdir(folder, "p")
  files.write(folder .. "/fast.md", '+++\ntemperature = 0.5\nuserDelimiter = "## me"\n+++\n')
  files.write(folder .. '/we "x" ird.md', "")
  local text = '+++\npreset = "fast"\n+++\n\n## me\n\n'
  for _, row in ipairs({
    { "ChatvimNew fast", "chat*" },
    { "ChatvimNew right fast", "row(chat, chat*)" },
    { "ChatvimNewLeft fast", "row(chat, chat*, chat)" },
  }) do
    child:command(row[1])
    eq({ row[1], layout.of(child), child:text() }, { row[1], row[2], text })
  end
  child:feed("iHello<Esc>")
  case.standin:script({ replies.answer("Hi.") })
  eq(child:complete().outcome, "done")
  eq(case.standin:requests()[1].json.temperature, 0.5)
  child:lua([[require("chatvim.command.new").chat({ 'we "x" ird' }, {})]])
  eq(child:lines()[2], [[preset = "we \"x\" ird"]])
  eq(child:lua("return require('chatvim').messages()"), {})
end

T["unknown arguments are reported, with the valid ones"] = function()
  local child = case.child()
  case.expect_refusal(
    child,
    "ChatvimNew nope",
    '"nope" is neither a direction (left, right, top, bottom) nor a preset (there is none in '
  )
  vim.fn.mkdir(child.home .. "/config/chatvim/presets", "p")
  files.write(child.home .. "/config/chatvim/presets/b.md", "")
  files.write(child.home .. "/config/chatvim/presets/a.md", "")
  case.expect_refusal(child, "ChatvimNew nope", "nor a preset (a, b)")
  case.expect_refusal(child, "ChatvimNew ../a", "nor a preset (a, b)")
  case.expect_refusal(child, "ChatvimNew left nope", '"nope" is no preset (a, b)')
  case.expect_refusal(child, "ChatvimNewLeft right", '"right" is no preset (a, b)')
  case.expect_refusal(
    child,
    "ChatvimNew left a b",
    "at most a direction and then the name of one preset"
  )
  case.expect_refusal(
    child,
    "ChatvimNew a left",
    "at most a direction and then the name of one preset"
  )
end

T["the delimiters are those of config.md, and of the option `settings`"] = function()
  local child = case.child({ config = case.config('userDelimiter = "## config"') })
  child:command("ChatvimNew")
  eq(child:text(), "## config\n\n")
  child:stop()
  child = case.child({ options = { settings = { userDelimiter = "## option" } } })
  child:command("ChatvimNew")
  eq(child:text(), "## option\n\n")
end

T["the chat opens without the program, and with one that does not answer"] = function()
  local child = case.child({ options = { program = "/no/such/chatvim" } })
  child:command("ChatvimNew")
  eq(child:text(), case.EMPTY)
  wait.until_true("the message", function()
    return child:messages():find("/no/such/chatvim", 1, true)
  end)
  child:stop()
  child = case.child({ options = { program = "./silent" } })
  files.write(child.folder .. "/silent", "#!/bin/sh\nexec cat >/dev/null\n")
  vim.fn.setfperm(child.folder .. "/silent", "rwxr-xr-x")
  child:command("ChatvimNew")
  eq(child:text(), case.EMPTY)
end

T["the user's autocommands run: a template is kept, an error is shown"] = function()
  local child = case.child({
    commands = {
      "autocmd BufNewFile *.md call setline(1, ['template', 'more'])",
      "autocmd FileType markdown let g:types = get(g:, 'types', 0) + 1",
      "autocmd BufNewFile *.md throw 'mine is broken'",
    },
  })
  child:command("ChatvimNew")
  eq(child:text(), case.EMPTY)
  eq(child:lua("return vim.g.types"), 1)
  case.expect_part(child:messages(), "mine is broken")
  child:feed("u")
  eq(child:text(), case.EMPTY)
end

T["with filetype detection off it is still a markdown buffer"] = function()
  local child = case.child({ commands = { "filetype off" } })
  child:command("filetype off | ChatvimNew")
  eq(child:lua("return vim.bo.filetype"), "markdown")
  eq(child:lua("return vim.fn.maparg('\\\\cvc', 'n')"), "<Plug>(chatvim-complete)")
end

T["nothing of the user's is disturbed"] = function()
  local child = case.child()
  child:chat(("line\n"):rep(50), "a.md")
  child:feed("20Gmayy/line<CR>")
  local function state()
    return child:lua([[
      return {
        vim.fn.getreg('"'), vim.fn.getreg("/"), vim.o.undolevels, vim.o.hidden,
        vim.api.nvim_buf_get_mark(vim.fn.bufnr("a.md"), "a"), vim.fn.getcmdline(),
        vim.fn.histnr(":"), vim.go.undolevels,
      }
    ]])
  end
  local before = state()
  child:command("ChatvimNew left")
  eq(state(), before)
  case.expect_calm(child)
end

return T
