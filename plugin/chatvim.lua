-- SPDX-License-Identifier: Apache-2.0
-- Commands, <Plug> maps and autocommands. Nothing is required until one of them is used.
if vim.g.loaded_chatvim then
  return
end
vim.g.loaded_chatvim = true

local api = vim.api

if vim.fn.has("nvim-0.10") == 0 then
  api.nvim_echo({ { "chatvim: Neovim 0.10 or later is needed", "WarningMsg" } }, true, {})
  return
end

local function run(arguments)
  require("chatvim.commands").run(arguments.name, arguments)
end

---@param name string
---@param desc string
---@param options? vim.api.keyset.user_command
local function command(name, desc, options)
  options = options or {}
  options.desc = desc
  options.bar = options.bar ~= false
  if options.nargs then
    options.complete = function(lead, line, position)
      return require("chatvim.commands").complete(name, lead, line, position)
    end
  end
  api.nvim_create_user_command(name, run, options)
end

command(
  "ChatvimComplete",
  "Answer the chat, by the models named; with !, continue its last answer",
  { nargs = "*", bang = true }
)
command("ChatvimChoose", "Make another model's answer the one that counts")
command("ChatvimStop", "Stop this buffer's answer; with !, every answer", { bang = true })
command("ChatvimNew", "Open a new chat", { nargs = "*" })
command("ChatvimHelp", "Open a chat that starts with a guide to Chatvim", { nargs = "?" })
for _, direction in ipairs({ "Left", "Right", "Top", "Bottom" }) do
  local where = ("in a split, %s"):format(direction:lower())
  command("ChatvimNew" .. direction, "Open a new chat " .. where, { nargs = "?" })
  command("ChatvimHelp" .. direction, "Open a chat with a guide " .. where)
end
command("ChatvimModel", "Set the chat's model; without a name, pick one", { nargs = "?" })
command("ChatvimTools", "Set the tools of the chat; without names, pick them", { nargs = "*" })
-- Without `bar`, so that a title may have `|` and `"`.
command(
  "ChatvimTitle",
  "Set the chat's title; without one, let the model write it",
  { nargs = "*", bar = false }
)
command("ChatvimSummary", "Open a new chat with a summary of this one", { nargs = "?" })
command("ChatvimRetry", "Replace the last answer with a new one")
command("ChatvimFork", "Open a new chat with the messages up to the one at the cursor")
command("ChatvimSend", "Quote lines, or what is named, in the most recently used chat", {
  nargs = "*",
  range = true,
  bang = true,
  bar = false,
})
command("ChatvimToggle", "Show or hide the most recently used chat", { nargs = "?" })
local whole = { nargs = "*", range = true, bar = false }
command("ChatvimRewrite", "Rewrite lines as an instruction says", whole)
command("ChatvimApply", "Propose the code block at the cursor for its file; with !, all of them", {
  bang = true,
})
local reviews = { range = true, bang = true }
command("ChatvimAccept", "Accept the change at the cursor; with !, all", reviews)
command("ChatvimRefuse", "Refuse the change at the cursor; with !, all", reviews)
command("ChatvimRecover", "Restore the part of an answer that arrived before a crash")
command("ChatvimRequest", "Show the request that would be sent, without the API key")
command("ChatvimChats", "Pick a chat in the chat folder", { nargs = "*", bar = false, bang = true })

-- One Ex script defines all maps, because calling `nvim_set_keymap` for each takes three times as
-- long. Maps for operator-pending mode and for Vim's own keys are `<expr>` maps: only keys can
-- cancel an operator that has nothing to act on, or fall back to Vim's own behaviour.
api.nvim_command([[
nnoremap <Plug>(chatvim-complete) <Cmd>confirm ChatvimComplete<CR>
nnoremap <Plug>(chatvim-toggle) <Cmd>ChatvimToggle<CR>
nnoremap <Plug>(chatvim-embed) <Cmd>ChatvimSend!<CR>
xnoremap <Plug>(chatvim-embed) :ChatvimSend<CR>
nnoremap <Plug>(chatvim-choose) <Cmd>ChatvimChoose<CR>
nnoremap <Plug>(chatvim-continue) <Cmd>ChatvimComplete!<CR>
nnoremap <Plug>(chatvim-stop) <Cmd>ChatvimStop<CR>
nnoremap <Plug>(chatvim-stop-all) <Cmd>ChatvimStop!<CR>
nnoremap <Plug>(chatvim-new) <Cmd>ChatvimNew<CR>
nnoremap <Plug>(chatvim-help) <Cmd>ChatvimHelp<CR>
nnoremap <Plug>(chatvim-model) <Cmd>ChatvimModel<CR>
nnoremap <Plug>(chatvim-tools) <Cmd>ChatvimTools<CR>
nnoremap <Plug>(chatvim-title) <Cmd>ChatvimTitle<CR>
nnoremap <Plug>(chatvim-summary) <Cmd>ChatvimSummary<CR>
nnoremap <Plug>(chatvim-retry) <Cmd>ChatvimRetry<CR>
nnoremap <Plug>(chatvim-fork) <Cmd>ChatvimFork<CR>
nnoremap <Plug>(chatvim-send) <Cmd>ChatvimSend<CR>
xnoremap <Plug>(chatvim-send) :ChatvimSend<CR>
nnoremap <Plug>(chatvim-rewrite) :ChatvimRewrite<CR>
xnoremap <Plug>(chatvim-rewrite) :ChatvimRewrite<CR>
nnoremap <Plug>(chatvim-apply) <Cmd>ChatvimApply<CR>
nnoremap <Plug>(chatvim-apply-all) <Cmd>ChatvimApply!<CR>
nnoremap <expr> <Plug>(chatvim-accept) v:lua.require'chatvim.review.press'.keys('accept')
xnoremap <Plug>(chatvim-accept) :ChatvimAccept<CR>
nnoremap <expr> <Plug>(chatvim-refuse) v:lua.require'chatvim.review.press'.keys('refuse')
xnoremap <Plug>(chatvim-refuse) :ChatvimRefuse<CR>
nnoremap <expr> <Plug>(chatvim-accept-all) v:lua.require'chatvim.review.press'.keys('accept-all')
nnoremap <expr> <Plug>(chatvim-refuse-all) v:lua.require'chatvim.review.press'.keys('refuse-all')
xnoremap <Plug>(chatvim-accept-all) <Cmd>ChatvimAccept!<CR>
xnoremap <Plug>(chatvim-refuse-all) <Cmd>ChatvimRefuse!<CR>
nnoremap <expr> <Plug>(chatvim-next-change) v:lua.require'chatvim.review.press'.keys('next')
nnoremap <expr> <Plug>(chatvim-previous-change) v:lua.require'chatvim.review.press'.keys('previous')
nnoremap <Plug>(chatvim-recover) <Cmd>ChatvimRecover<CR>
nnoremap <Plug>(chatvim-request) <Cmd>ChatvimRequest<CR>
nnoremap <Plug>(chatvim-chats) <Cmd>ChatvimChats<CR>
nnoremap <Plug>(chatvim-manage) <Cmd>ChatvimChats!<CR>
nnoremap <Plug>(chatvim-next) <Cmd>lua require('chatvim.motion').go(1)<CR>
xnoremap <Plug>(chatvim-next) <Cmd>lua require('chatvim.motion').go(1)<CR>
onoremap <expr> <Plug>(chatvim-next) v:lua.require'chatvim.motion'.keys('go',1)
nnoremap <Plug>(chatvim-previous) <Cmd>lua require('chatvim.motion').go(-1)<CR>
xnoremap <Plug>(chatvim-previous) <Cmd>lua require('chatvim.motion').go(-1)<CR>
onoremap <expr> <Plug>(chatvim-previous) v:lua.require'chatvim.motion'.keys('go',-1)
xnoremap <Plug>(chatvim-message-inner) <Cmd>lua require('chatvim.motion').message(false)<CR>
onoremap <expr> <Plug>(chatvim-message-inner) v:lua.require'chatvim.motion'.keys('message',v:false)
xnoremap <Plug>(chatvim-message) <Cmd>lua require('chatvim.motion').message(true)<CR>
onoremap <expr> <Plug>(chatvim-message) v:lua.require'chatvim.motion'.keys('message',v:true)
xnoremap <Plug>(chatvim-code-inner) <Cmd>lua require('chatvim.motion').code(false)<CR>
onoremap <expr> <Plug>(chatvim-code-inner) v:lua.require'chatvim.motion'.keys('code',v:false)
xnoremap <Plug>(chatvim-code) <Cmd>lua require('chatvim.motion').code(true)<CR>
onoremap <expr> <Plug>(chatvim-code) v:lua.require'chatvim.motion'.keys('code',v:true)
nnoremap <Plug>(chatvim-outline) <Cmd>lua require('chatvim.lsp.client').outline()<CR>
nnoremap <expr> <Plug>(chatvim-gf) v:lua.require'chatvim.embed.goto_file'.keys('gf')
nnoremap <expr> <Plug>(chatvim-gF) v:lua.require'chatvim.embed.goto_file'.keys('gF')
nnoremap <expr> <Plug>(chatvim-wf) v:lua.require'chatvim.embed.goto_file'.keys('wf')
nnoremap <expr> <Plug>(chatvim-wF) v:lua.require'chatvim.embed.goto_file'.keys('wF')
nnoremap <expr> <Plug>(chatvim-wgf) v:lua.require'chatvim.embed.goto_file'.keys('wgf')
nnoremap <expr> <Plug>(chatvim-wgF) v:lua.require'chatvim.embed.goto_file'.keys('wgF')
]])

-- Global keys, unless they, a prefix of them or a longer sequence are mapped already.
-- `setup({ keys = false })` removes them again.
local function map_keys()
  local maps = [[
nnoremap <Leader>cvnn <Plug>(chatvim-new)
nnoremap <Leader>cvnl <Cmd>ChatvimNewLeft<CR>
nnoremap <Leader>cvnr <Cmd>ChatvimNewRight<CR>
nnoremap <Leader>cvnt <Cmd>ChatvimNewTop<CR>
nnoremap <Leader>cvnb <Cmd>ChatvimNewBottom<CR>
nnoremap <Leader>cvhh <Plug>(chatvim-help)
nnoremap <Leader>cvhl <Cmd>ChatvimHelpLeft<CR>
nnoremap <Leader>cvhr <Cmd>ChatvimHelpRight<CR>
nnoremap <Leader>cvht <Cmd>ChatvimHelpTop<CR>
nnoremap <Leader>cvhb <Cmd>ChatvimHelpBottom<CR>
nnoremap <Leader>cvl <Plug>(chatvim-chats)
nnoremap <Leader>cvt <Plug>(chatvim-toggle)
nnoremap <Leader>cve <Plug>(chatvim-embed)
xnoremap <Leader>cve <Plug>(chatvim-embed)
nnoremap <Leader>cvw <Plug>(chatvim-rewrite)
xnoremap <Leader>cvw <Plug>(chatvim-rewrite)
]]
  -- One check for all is faster, and nearly always all are free.
  if vim.fn.mapcheck("<Leader>cv", "n") .. vim.fn.mapcheck("<Leader>cv", "x") ~= "" then
    maps = maps:gsub("(%a)noremap (%S+)[^\n]*\n", function(mode, lhs)
      return vim.fn.mapcheck(lhs, mode) ~= "" and "" or nil
    end)
  end
  api.nvim_command(maps)
end

local options = vim.g.chatvim
if not (type(options) == "table" and options.keys == false) then
  map_keys()
end

api.nvim_create_autocmd("FileType", {
  group = api.nvim_create_augroup("chatvim.attach", {}),
  pattern = "markdown",
  desc = "Chatvim: set the default keys; start the program early if the buffer is a chat",
  callback = function(event)
    require("chatvim.chat.open").attach(event.buf)
  end,
})

-- For every buffer, with or without `autosave`: any buffer may become a chat, and the state of its
-- file at read time cannot be determined later. It is recorded before the read, so that a write
-- during the read counts as a change.
api.nvim_create_autocmd(
  { "BufReadPre", "BufNewFile", "BufWritePost", "BufFilePost", "BufUnload", "BufWipeout" },
  {
    group = api.nvim_create_augroup("chatvim.state", {}),
    desc = "Chatvim: keep track of buffers and their files",
    callback = function(event)
      -- It must subscribe before the first event.
      require("chatvim.chat.disk")
      require("chatvim.chat.state").note(event)
    end,
  }
)

-- A plugin manager may load this file when chats are open already.
for _, buf in ipairs(api.nvim_list_bufs()) do
  if api.nvim_get_option_value("filetype", { buf = buf }) == "markdown" then
    require("chatvim.chat.open").attach(buf)
  end
end
